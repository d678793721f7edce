import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMask, type Image, type Mask } from '../pixels/image';
import { foregroundMse, MAX_PSNR, mse, psnr } from './difference';
import { ssim } from './ssim';

/** A picture with gradients, a fine pattern and blocks. */
function picture(width: number, height: number): Image {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = 4 * (y * width + x);
      data[i] = (3 * x + 2 * y) % 256;
      data[i + 1] = (x * y) % 256;
      data[i + 2] = 128 + 100 * ((Math.floor(x / 5) + Math.floor(y / 7)) % 2);
      data[i + 3] = 255;
    }
  }
  return { width, height, data };
}

/** The picture with fixed noise inside a rectangle. */
function spoilt(image: Image, left = 0, top = 0, right = image.width, bottom = image.height): Image {
  const data = image.data.slice();
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = 4 * (y * image.width + x);
      data[i]! += ((x * 7 + y * 13) % 23) - 11;
      data[i + 1]! += ((x * 5 + y * 3) % 17) - 8;
      data[i + 2]! += ((x * 11 + y * 17) % 31) - 15;
    }
  }
  return { ...image, data };
}

function rectangle(
  width: number,
  height: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): Mask {
  const mask = createMask(width, height);
  for (let y = top; y < bottom; y++) mask.data.fill(255, y * width + left, y * width + right);
  return mask;
}

const whole = picture(47, 33);

describe('mean squared error and PSNR', () => {
  it('are what numpy computes', () => {
    const noisy = spoilt(whole);
    expect(mse(noisy, whole)).toBeCloseTo(49.02450032237266, 10);
    const part = spoilt(whole, 25, 10, 40, 20);
    expect(mse(part, whole)).toBeCloseTo(4.725338491295938, 10);
    expect(psnr(mse(part, whole))).toBeCloseTo(41.386474369884155, 10);
  });

  it('are what one works out by hand', () => {
    const black: Image = { width: 2, height: 1, data: new Uint8ClampedArray([0, 0, 0, 255, 0, 0, 0, 0]) };
    const other: Image = { width: 2, height: 1, data: new Uint8ClampedArray([3, 0, 0, 0, 0, 4, 0, 255]) };
    expect(mse(black, other)).toBe(25 / 6);
    expect(psnr(255 ** 2)).toBe(0);
    expect(psnr(1)).toBeCloseTo(48.1308, 4);
  });

  it('cap the PSNR of equal pictures', () => {
    expect(psnr(mse(whole, whole))).toBe(MAX_PSNR);
    expect(psnr(1e-9)).toBe(MAX_PSNR);
  });

  it('refuse pictures of different sizes and name both', () => {
    expect(() => mse(picture(4, 5), picture(5, 4))).toThrow('4×5 pixels cannot be compared with one of 5×4');
    expect(() => ssim(picture(4, 5), picture(5, 4))).toThrow('4×5');
  });
});

describe('foreground mean squared error', () => {
  const part = spoilt(whole, 25, 10, 40, 20);

  it('is the error inside the mask', () => {
    expect(foregroundMse(part, whole, rectangle(47, 33, 25, 10, 40, 20))).toBeCloseTo(48.86, 10);
    expect(foregroundMse(part, whole, rectangle(47, 33, 0, 0, 25, 33))).toBe(0);
  });

  it('counts pixels from 128 on', () => {
    const mask = rectangle(47, 33, 25, 10, 40, 20);
    const soft: Mask = { ...mask, data: mask.data.map((value) => (value === 255 ? 128 : 127)) };
    expect(foregroundMse(part, whole, soft)).toBeCloseTo(48.86, 10);
    const faint: Mask = { ...mask, data: mask.data.map(() => 127) };
    expect(() => foregroundMse(part, whole, faint)).toThrow('no pixel of 128');
  });
});

describe('SSIM', () => {
  it('is what scikit-image 0.26 computes', () => {
    expect(ssim(spoilt(whole), whole)).toBeCloseTo(0.8998811673740693, 9);
    expect(ssim(spoilt(whole, 25, 10, 40, 20), whole)).toBeCloseTo(0.9814712833047322, 9);
    expect(ssim(spoilt(whole, 0, 0, 3, 4), whole)).toBeCloseTo(0.999998338289025, 9);
  });

  it('is 1 for equal pictures, of any size', () => {
    expect(ssim(whole, whole)).toBe(1);
    expect(ssim(picture(3, 40), picture(3, 40))).toBeCloseTo(1, 12);
  });

  it('is one window for pictures smaller than a window', () => {
    const flat = (value: number): Image => ({
      width: 2,
      height: 2,
      data: new Uint8ClampedArray(16).fill(value),
    });
    const c1 = (0.01 * 255) ** 2;
    expect(ssim(flat(100), flat(200))).toBeCloseTo((2 * 100 * 200 + c1) / (100 ** 2 + 200 ** 2 + c1), 12);
  });

  it('is the same either way round, and at most 1', () => {
    const side = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(side, side, fc.integer(), (width, height, seed) => {
        const a = picture(width, height);
        const b = spoilt(a, 0, 0, width, Math.abs(seed) % (height + 1));
        expect(ssim(a, b)).toBe(ssim(b, a));
        expect(ssim(a, b)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });
});
