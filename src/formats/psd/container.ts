import { Fault } from '../../pixels/fault';
import { MAX_PIXELS, type Box } from '../../pixels/image';
import { ByteReader, damaged } from './bytes';

/** Colour modes that are read. The numbers are the file's. */
export const MODES = { bitmap: 0, grey: 1, indexed: 2, rgb: 3 } as const;
const REFUSED_MODES: Readonly<Record<number, string>> = {
  4: 'CMYK',
  7: 'Multichannel',
  8: 'Duotone',
  9: 'Lab',
};

/** Where a run of bytes lies in the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A block of additional information, of a layer or of the document. */
export interface Block extends Span {
  readonly key: string;
}

/** One channel of a layer; its bytes begin with the two of the compression. */
export interface ChannelSpan extends Span {
  /** 0, 1, 2: colours; −1: transparency; −2: mask; −3: the mask drawn by hand, where −2 is joined with a vector mask. */
  readonly id: number;
}

/** What kind of row of the layers panel a record is. */
export type Divider = 'layer' | 'open-group' | 'closed-group' | 'end-of-group';

/** A layer as the file lists it. */
export interface LayerRecord {
  readonly box: Box;
  readonly channels: readonly ChannelSpan[];
  readonly blocks: readonly Block[];
  readonly blendingRanges: Span;
  readonly divider: Divider;
  /** Where the record's own parts lie, for {@link import('./splice')}. */
  readonly extraLengthAt: number;
  readonly extraEnd: number;
}

export interface PsdContainer {
  readonly large: boolean;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Bits a sample: 1, 8 or 16. */
  readonly depth: number;
  readonly mode: number;
  /** 256 reds, 256 greens, 256 blues of an indexed file. */
  readonly palette: Uint8Array | null;
  readonly resources: readonly (Span & { readonly id: number })[];
  /** From the bottom to the top. */
  readonly layers: readonly LayerRecord[];
  /** Whether the flattened picture's fourth channel is its transparency. */
  readonly mergedAlpha: boolean;
  /** Blocks of the document. */
  readonly blocks: readonly Block[];
  /** The flattened picture: compression and samples. */
  readonly composite: Span;
  readonly layout: Layout;
}

/** Where the sections' lengths stand, for {@link import('./splice')}. */
export interface Layout {
  readonly resourcesLengthAt: number;
  readonly resourcesEnd: number;
  readonly sectionLengthAt: number;
  readonly sectionEnd: number;
  /** −1 when the file has no layers. */
  readonly layersLengthAt: number;
  readonly layersEnd: number;
}

/** Blocks whose length takes 8 bytes in the large format. */
export const LARGE_KEYS: ReadonlySet<string> = new Set(
  'LMsk Lr16 Lr32 Layr Mt16 Mt32 Mtrn Alph FMsk lnk2 FEid FXid PxSD cinf'.split(' '),
);
/** Blocks that hold the layers of a file of 16 or 32 bits. */
const LAYER_BLOCKS: ReadonlySet<string> = new Set(['Lr16', 'Lr32', 'Layr']);
/** Blocks that say, of a file of 16 or 32 bits, that the flattened picture has transparency. */
const MERGED_ALPHA: ReadonlySet<string> = new Set(['Mtrn', 'Mt16', 'Mt32']);

/** Whether the bytes begin as those of a PSD or PSB file do. */
export function isPsd(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 4 && bytes[0] === 0x38 && bytes[1] === 0x42 && bytes[2] === 0x50 && bytes[3] === 0x53
  );
}

/**
 * Walks through a PSD or PSB file (Adobe, Photoshop File Formats Specification, 2019) without decoding anything, and
 * refuses what is not whole, not supported or too large before anything of that size is allocated.
 *
 * @throws Fault `unreadable`, `unsupported` or `too-large`, naming the file.
 */
export function readContainer(bytes: Uint8Array, name: string): PsdContainer {
  const reader = new ByteReader(bytes, name);
  if (!isPsd(bytes)) throw damaged(name, 'it does not begin as a Photoshop file does');
  reader.skip(4);
  const version = reader.u16();
  if (version !== 1 && version !== 2) {
    throw new Fault('unsupported', `${name}: version ${version} of the Photoshop format is not known.`);
  }
  const large = version === 2;
  reader.skip(6);
  const channels = reader.u16();
  const height = reader.u32();
  const width = reader.u32();
  const depth = reader.u16();
  const mode = reader.u16();
  checkHeader(name, { channels, height, width, depth, mode, large });
  const colors = reader.section(reader.u32());
  const palette = mode === MODES.indexed ? colors.take(768) : null;

  const resourcesLengthAt = reader.offset;
  const resources = readResources(reader.section(reader.u32()), name);
  const resourcesEnd = reader.offset;

  const sectionLengthAt = reader.offset;
  const section = reader.section(reader.length(large));
  const sectionEnd = reader.offset;
  const list = readSection(section, large, name);
  return {
    large,
    width,
    height,
    channels,
    depth,
    mode,
    palette,
    resources,
    layers: list.layers,
    mergedAlpha: list.mergedAlpha,
    blocks: list.blocks,
    composite: { start: sectionEnd, end: bytes.length },
    layout: {
      resourcesLengthAt,
      resourcesEnd,
      sectionLengthAt,
      sectionEnd,
      layersLengthAt: list.layersLengthAt,
      layersEnd: list.layersEnd,
    },
  };
}

function checkHeader(
  name: string,
  header: Pick<PsdContainer, 'channels' | 'width' | 'height' | 'depth' | 'mode' | 'large'>,
): void {
  const { channels, width, height, depth, mode, large } = header;
  const refused = REFUSED_MODES[mode];
  if (refused) {
    throw new Fault(
      'unsupported',
      `${name} is in ${refused} colours; Attune works in RGB.`,
      'Convert it in the program that made it (in Photoshop: Image ▸ Mode ▸ RGB Color) and save it again.',
    );
  }
  const known = Object.values<number>(MODES);
  if (!known.includes(mode)) throw damaged(name, `colour mode ${mode} does not exist`);
  if (depth === 32) {
    throw new Fault(
      'unsupported',
      `${name} has 32 bits a channel (HDR); Attune works with 8.`,
      'Convert it in the program that made it (in Photoshop: Image ▸ Mode ▸ 8 Bits/Channel) and save it again.',
    );
  }
  if (
    depth !== (mode === MODES.bitmap ? 1 : 8) &&
    !(depth === 16 && mode !== MODES.bitmap && mode !== MODES.indexed)
  ) {
    throw damaged(name, `${depth} bits a channel do not exist in this colour mode`);
  }
  const side = large ? 300_000 : 30_000;
  if (width < 1 || height < 1 || width > side || height > side) {
    throw damaged(name, `a picture of ${width}×${height} pixels does not exist`);
  }
  if (width * height > MAX_PIXELS) {
    throw new Fault(
      'too-large',
      `${name} has ${width}×${height} pixels, more than the ${Math.floor(MAX_PIXELS / 1e6)} megapixels that fit.`,
      'Scale it down first.',
    );
  }
  const least = mode === MODES.rgb ? 3 : 1;
  if (channels < least || channels > 100)
    throw damaged(name, `${channels} channels do not make this picture`);
}

function readResources(reader: ByteReader, name: string): PsdContainer['resources'] {
  const resources: (Span & { id: number })[] = [];
  while (reader.left >= 12) {
    const signature = reader.tag();
    if (!/^(8BIM|MeSa|AgHg|PHUT|DCSR)$/.test(signature))
      throw damaged(name, 'a resource does not begin where it should');
    const id = reader.u16();
    const length = reader.u8();
    reader.skip(length + ((length + 1) % 2));
    const size = reader.u32();
    const start = reader.skip(size);
    resources.push({ id, start, end: start + size });
    reader.skip(Math.min(size % 2, reader.left));
  }
  return resources;
}

interface LayerList {
  readonly layers: LayerRecord[];
  readonly mergedAlpha: boolean;
  readonly blocks: Block[];
  readonly layersLengthAt: number;
  readonly layersEnd: number;
}

function readSection(reader: ByteReader, large: boolean, name: string): LayerList {
  if (reader.left < (large ? 8 : 4)) {
    return { layers: [], mergedAlpha: false, blocks: [], layersLengthAt: -1, layersEnd: reader.offset };
  }
  const layersLengthAt = reader.offset;
  const length = reader.length(large);
  let { layers, mergedAlpha } = length > 0 ? readLayers(reader.section(length), large, name) : noLayers();
  const layersEnd = reader.offset;
  if (reader.left >= 4) reader.skip(Math.min(reader.u32(), reader.left));
  const blocks = readBlocks(reader, large, name);
  mergedAlpha ||= blocks.some(({ key }) => MERGED_ALPHA.has(key));
  const deep = blocks.find(({ key }) => LAYER_BLOCKS.has(key));
  if (deep && layers.length === 0) {
    const held = readLayers(new ByteReader(reader.bytes, name, deep.start, deep.end), large, name);
    layers = held.layers;
    mergedAlpha ||= held.mergedAlpha;
  }
  return { layers, mergedAlpha, blocks, layersLengthAt, layersEnd };
}

const noLayers = (): Pick<LayerList, 'layers' | 'mergedAlpha'> => ({ layers: [], mergedAlpha: false });

function readLayers(
  reader: ByteReader,
  large: boolean,
  name: string,
): Pick<LayerList, 'layers' | 'mergedAlpha'> {
  if (reader.left < 2) return noLayers();
  const count = reader.i16();
  const listed = Array.from({ length: Math.abs(count) }, () => readRecord(reader, large, name));
  const layers = listed.map(({ sizes, ...record }) => ({
    ...record,
    channels: sizes.map(({ id, length }) => {
      const start = reader.skip(length);
      return { id, start, end: start + length };
    }),
  }));
  return { layers, mergedAlpha: count < 0 };
}

function readRecord(reader: ByteReader, large: boolean, name: string) {
  const top = reader.i32();
  const left = reader.i32();
  const box = { x: left, y: top, height: reader.i32() - top, width: reader.i32() - left };
  checkBox(box, large, name);
  const sizes = Array.from({ length: reader.u16() }, () => ({
    id: reader.i16(),
    length: reader.length(large),
  }));
  if (reader.tag() !== '8BIM') throw damaged(name, 'a layer does not begin where it should');
  reader.skip(4 + 4);
  const extraLengthAt = reader.offset;
  const extra = reader.section(reader.u32());
  const extraEnd = reader.offset;
  extra.skip(extra.u32());
  const ranges = extra.u32();
  const rangesStart = extra.skip(ranges);
  // The name is padded to 4, but not by every writer: the first block begins with its signature.
  extra.skip(extra.u8());
  while (extra.left >= 4 && !isSignature(extra.bytes, extra.offset)) extra.skip(1);
  const blocks = readBlocks(extra, large, name);
  return {
    box,
    sizes,
    blocks,
    blendingRanges: { start: rangesStart, end: rangesStart + ranges },
    divider: dividerOf(extra.bytes, blocks, name),
    extraLengthAt,
    extraEnd,
  };
}

/** Refuses the rectangle of a layer or mask that cannot be. */
export function checkBox({ width, height }: Box, large: boolean, name: string): void {
  const side = large ? 300_000 : 30_000;
  if (width >= 0 && height >= 0 && width <= side && height <= side) return;
  throw damaged(name, `a layer of ${width}×${height} pixels does not exist`);
}

function isSignature(bytes: Uint8Array, at: number): boolean {
  // 8BIM, 8B64
  if (bytes[at] !== 0x38 || bytes[at + 1] !== 0x42) return false;
  return (
    (bytes[at + 2] === 0x49 && bytes[at + 3] === 0x4d) || (bytes[at + 2] === 0x36 && bytes[at + 3] === 0x34)
  );
}

function readBlocks(reader: ByteReader, large: boolean, name: string): Block[] {
  const blocks: Block[] = [];
  while (reader.left >= 12) {
    // Padding differs from writer to writer.
    if (!isSignature(reader.bytes, reader.offset)) {
      reader.skip(1);
      continue;
    }
    const signature = reader.tag();
    const key = reader.tag();
    const long = signature === '8B64' || (large && LARGE_KEYS.has(key));
    const length = reader.length(long);
    if (length > reader.left) throw damaged(name, `the block “${key}” is longer than what holds it`);
    const start = reader.skip(length);
    blocks.push({ key, start, end: start + length });
  }
  return blocks;
}

function dividerOf(bytes: Uint8Array, blocks: readonly Block[], name: string): Divider {
  const block = blocks.find(({ key }) => key === 'lsct' || key === 'lsdk');
  if (!block) return 'layer';
  const type = new ByteReader(bytes, name, block.start, block.end).u32();
  return (['layer', 'open-group', 'closed-group', 'end-of-group'] as const)[type] ?? 'layer';
}
