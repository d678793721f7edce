/** A PSD written in code, byte by byte, for what nobody here writes otherwise. */
export interface SmallFile {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly mode: number;
  readonly colors?: Uint8Array;
  readonly resources?: readonly (readonly [id: number, bytes: Uint8Array])[];
  /** The section of layers and masks, without its length. */
  readonly layers?: Uint8Array;
  /** The flattened picture: compression and samples. */
  readonly picture: Uint8Array;
}

/** The file's bytes. */
export function smallPsd(file: SmallFile): Uint8Array {
  const head = [...text('8BPS'), ...u16(1), 0, 0, 0, 0, 0, 0, ...u16(file.channels)];
  head.push(...u32(file.height), ...u32(file.width), ...u16(file.depth), ...u16(file.mode));
  const resources = (file.resources ?? []).flatMap(([id, bytes]) => [
    ...text('8BIM'),
    ...u16(id),
    0,
    0,
    ...u32(bytes.length),
    ...bytes,
    ...(bytes.length % 2 ? [0] : []),
  ]);
  const colors = file.colors ?? new Uint8Array();
  const layers = file.layers ?? new Uint8Array();
  return Uint8Array.of(
    ...head,
    ...u32(colors.length),
    ...colors,
    ...u32(resources.length),
    ...resources,
    ...u32(layers.length),
    ...layers,
    ...file.picture,
  );
}

export const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
export const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
export const text = (characters: string): number[] => [...characters].map((c) => c.charCodeAt(0));
