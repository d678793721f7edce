/**
 * Normal: the plane block `over` on the plane block `under`, in place; `over` weighs `opacity` (0..1). Porter and Duff,
 * "Compositing digital images", 1984: "over". An opaque backdrop stays opaque to the last bit.
 */
export function blendNormal(under: usize, over: usize, stride: usize, count: i32, opacity: f32): void {
  const weight = f32x4.splat(opacity);
  const one = f32x4.splat(1);
  for (let i = 0; i < count; i += 4) {
    const alpha = f32x4.mul(v128.load(over + 3 * stride), weight);
    const rest = f32x4.sub(one, alpha);
    for (let plane: usize = 0; plane < 3 * stride; plane += stride) {
      const colour = f32x4.mul(v128.load(over + plane), weight);
      v128.store(under + plane, f32x4.add(colour, f32x4.mul(v128.load(under + plane), rest)));
    }
    const backdrop = v128.load(under + 3 * stride);
    v128.store(under + 3 * stride, f32x4.add(backdrop, f32x4.mul(alpha, f32x4.sub(one, backdrop))));
    under += 16;
    over += 16;
  }
}
