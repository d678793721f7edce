import type { ChannelID, Compression, Layer as AgLayer, LayerMaskData } from 'ag-psd';
import { pixelLayer } from '../../document/new-layer';
import type { Document, Harmonization, Layer, LayerId, LayerMask, PixelLayer } from '../../document/records';
import { Fault } from '../../pixels/fault';
import type { Image, Mask } from '../../pixels/image';
import type { Notice, ProjectSource } from '../project-file';
import { writeAdjustment } from './adjustments';
import { bakeLayer, isWholeShift, sameImage, type Placed } from './bake';
import { hasContent, unpackKept, withoutContent, type KeptPart, type KeptThings } from './kept';
import { bakeMask, inverse } from './masks';
import type { MemoEntry } from './memo';
import { packPlane } from './pack';

type Channel = NonNullable<AgLayer['rawData']>['channels'][number];

/** Writes the layers of one document as those of a PSD; pixels are packed layer by layer. */
export class LayerWriter {
  readonly #document: Document;
  readonly #source: ProjectSource;
  readonly #large: boolean;
  readonly #notices: Notice[];
  /** What was written so far, groups after what is in them: the index of {@link blocks}. */
  #written = 0;
  readonly #numbers = new Map<LayerId, number>();
  #spare: number;
  readonly blocks = new Map<number, readonly KeptPart[]>();
  readonly memo: { layers: MemoEntry[]; inverted: number[] } = { layers: [], inverted: [] };

  constructor(document: Document, source: ProjectSource, large: boolean, notices: Notice[]) {
    this.#document = document;
    this.#source = source;
    this.#large = large;
    this.#notices = notices;
    Object.keys(document.layers).forEach((id, i) => this.#numbers.set(id, i + 1));
    this.#spare = this.#numbers.size;
  }

  /** The layer as one or more of a PSD, from the bottom to the top: hidden ones with what only Attune understands lie under it. */
  write(id: LayerId): AgLayer[] {
    const layer = this.#document.layers[id];
    if (!layer) throw new Fault('document', `There is no layer ${id}.`);
    const number = this.#numbers.get(id)!;
    if (layer.kind === 'pixels') return this.#pixels(layer, number);
    const children =
      layer.kind === 'group' ? layer.children.flatMap((child) => this.write(child)) : undefined;
    const mask = layer.mask && this.#mask(layer.mask, number);
    const kept = this.#keptOf(layer, null);
    const written: AgLayer = {
      ...commonOf(layer, number),
      ...this.#rest(layer, kept),
      ...(mask ? { mask: maskDataOf(mask.data, isVectorMask(kept, layer)) } : {}),
      ...(children && layer.kind === 'group'
        ? { children, opened: layer.expanded, blendMode: layer.isolated ? layer.blend : 'pass through' }
        : {}),
      ...(layer.kind === 'adjustment' ? { adjustment: writeAdjustment(layer.adjustment) } : {}),
      rawData: this.#raw([...[-1, 0, 1, 2].map(emptyChannel), ...(mask ? [mask.channel] : [])]),
    };
    return [written];
  }

  #pixels(layer: PixelLayer, number: number): AgLayer[] {
    const baked = bakeLayer(layer, this.#document, this.#source);
    const hidden = this.#sources(layer, number, baked);
    const mask = layer.mask && this.#mask(layer.mask, number);
    const kept = this.#keptOf(layer, layer);
    return [
      ...hidden,
      {
        ...commonOf(layer, number),
        ...this.#rest(layer, kept),
        ...boxOf(baked),
        ...(mask ? { mask: maskDataOf(mask.data, isVectorMask(kept, layer)) } : {}),
        rawData: this.#raw([...this.#channels(baked.image), ...(mask ? [mask.channel] : [])]),
      },
    ];
  }

  /** Hidden layers with the pixels that the baked ones were made of, and a line in the memo; none when nothing was baked. */
  #sources(layer: PixelLayer, number: number, baked: Placed): AgLayer[] {
    const { harmonization, transform } = layer;
    if (!harmonization && isWholeShift(transform)) return [];
    const keep = (pixels: string, title: string): { written: AgLayer; number: number } | null => {
      const image = this.#image(pixels, layer);
      if (sameImage(image, baked.image) && isWholeShift(transform)) return null;
      this.#spare += 1;
      const name = `${layer.name} – ${title}`;
      const { width, height } = image;
      const shift = isWholeShift(transform)
        ? transform
        : { ...transform, a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
      const own = pixelLayer({ id: name, name, pixels, width, height, transform: shift, visible: false });
      const raw = this.#raw(this.#channels(image));
      this.#written += 1;
      const place = boxOf({ image, x: shift.e, y: shift.f });
      return { written: { ...commonOf(own, this.#spare), ...place, rawData: raw }, number: this.#spare };
    };
    const original = keep(layer.pixels, 'original');
    const result = harmonization ? keep(harmonization.pixels, 'harmonized') : null;
    const { a, b, c, d, e, f } = transform;
    this.memo.layers.push({
      layer: number,
      original: original?.number,
      result: result?.number,
      transform: isWholeShift(transform) ? undefined : [a, b, c, d, e, f],
      harmonization: harmonization ? this.#settingsOf(harmonization) : undefined,
    });
    return [original, result].flatMap((kept) => (kept ? [kept.written] : []));
  }

  #settingsOf(harmonization: Harmonization) {
    const { towards, method, network, version, device, ms, strength, enabled } = harmonization;
    if (harmonization.reference) {
      this.#note(
        'reference-lost',
        'The file does not hold the regions that layers were made to agree with; their harmonizations are kept.',
      );
    }
    const other = towards === undefined ? undefined : this.#numbers.get(towards);
    return { method, network, version, device, ms, strength, enabled, towards: other };
  }

  #image(pixels: string, layer: Layer): Image {
    const image = this.#source.get(pixels);
    if (image) return image;
    throw new Fault('document', `The pixels of layer “${layer.name}” are missing.`, 'Open its file again.');
  }

  #raw(channels: Channel[]): NonNullable<AgLayer['rawData']> {
    return { colorMode: 3, bitsPerChannel: 8, channels, large: this.#large };
  }

  #channels({ width, height, data }: Image): Channel[] {
    return [-1, 0, 1, 2].map((id) =>
      channel(id, packPlane({ width, height, data, offset: id < 0 ? 3 : id, step: 4 }, this.#large)),
    );
  }

  #mask(mask: LayerMask, number: number): { data: LayerMaskData; channel: Channel } {
    const found = this.#source.mask(mask.pixels);
    if (!found) throw new Fault('document', 'The pixels of a mask are missing.', 'Open its file again.');
    const whole = isWholeShift(mask.transform);
    if (!whole) {
      this.#note('mask-flattened', 'A turned or scaled mask was saved as it lies in the document.');
    }
    const placed = whole
      ? { mask: found, x: mask.transform.e, y: mask.transform.f }
      : { mask: bakeMask(mask, found, this.#document), x: 0, y: 0 };
    const turned: Mask = mask.inverted ? inverse(placed.mask) : placed.mask;
    if (mask.inverted) this.memo.inverted.push(number);
    const { width, height, data } = turned;
    return {
      data: {
        left: placed.x,
        top: placed.y,
        right: placed.x + width,
        bottom: placed.y + height,
        defaultColor: (mask.outside === 'shows') !== mask.inverted ? 255 : 0,
        disabled: !mask.enabled,
        positionRelativeToLayer: !mask.linked,
        ...(mask.density < 1 ? { userMaskDensity: mask.density } : {}),
        ...(mask.feather > 0 ? { userMaskFeather: mask.feather } : {}),
      },
      channel: channel(-2, packPlane({ width, height, data, offset: 0, step: 1 }, this.#large)),
    };
  }

  /** What the layer's file had beyond our records, as far as it is still true. */
  #keptOf(layer: Layer, pixels: PixelLayer | null): KeptThings | null {
    const packed = layer.kept?.format === 'psd' ? this.#source.blob(layer.kept.data) : undefined;
    if (!packed) return null;
    const kept = unpackKept(packed);
    const untouched =
      pixels === null ||
      (kept.pixels === pixels.pixels &&
        pixels.harmonization === null &&
        isWholeShift(pixels.transform) &&
        kept.x === pixels.transform.e &&
        kept.y === pixels.transform.f);
    if (untouched || !hasContent(kept)) return kept;
    this.#note(
      'kept-lost',
      `“${layer.name}” was changed and is saved as pixels: its ${layer.kept?.title.toLowerCase()} would show what it was before.`,
    );
    return withoutContent(kept);
  }

  /** Registers the blocks that are spliced in, and answers what ag-psd itself writes of what was kept. */
  #rest(layer: Layer, kept: KeptThings | null): Partial<AgLayer> {
    const index = this.#written;
    this.#written += 1;
    if (!kept) return {};
    // A vector mask draws the mask in the file; beside another mask it would draw the old one.
    const parts =
      kept.vectorMask === undefined || isVectorMask(kept, layer)
        ? kept.parts
        : kept.parts.filter(({ key }) => key !== 'vmsk' && key !== 'vsms');
    this.blocks.set(index, parts);
    const ranges = Array.from({ length: (kept.blendingRanges?.length ?? 0) / 8 }, (_, i) => ({
      sourceRange: kept.blendingRanges!.slice(8 * i, 8 * i + 4),
      destRange: kept.blendingRanges!.slice(8 * i + 4, 8 * i + 8),
    }));
    const [grey, ...channels] = ranges;
    if (!grey) return {};
    return {
      blendingRanges: {
        compositeGrayBlendSource: grey.sourceRange,
        compositeGraphBlendDestinationRange: grey.destRange,
        ranges: channels,
      },
    };
  }

  #note(code: Notice['code'], message: string): void {
    if (!this.#notices.some((notice) => notice.message === message)) this.#notices.push({ code, message });
  }
}

/** Whether the layer's mask is the one that a kept vector mask had drawn. */
function isVectorMask(kept: KeptThings | null, { mask }: Layer): boolean {
  const drawn = kept?.parts.some(({ key }) => key === 'vmsk' || key === 'vsms') ?? false;
  return drawn && mask !== null && kept?.vectorMask === mask.pixels && !mask.inverted;
}

function maskDataOf(
  { userMaskDensity, userMaskFeather, ...mask }: LayerMaskData,
  vector: boolean,
): LayerMaskData {
  if (vector) {
    return {
      ...mask,
      fromVectorData: true,
      ...(userMaskDensity === undefined ? {} : { vectorMaskDensity: userMaskDensity }),
      ...(userMaskFeather === undefined ? {} : { vectorMaskFeather: userMaskFeather }),
    };
  }
  return {
    ...mask,
    ...(userMaskDensity === undefined ? {} : { userMaskDensity }),
    ...(userMaskFeather === undefined ? {} : { userMaskFeather }),
  };
}

function channel(id: number, data: Uint8Array): Channel {
  return { id: id as ChannelID, compression: 1 as Compression, data };
}

function emptyChannel(id: number): Channel {
  return { id: id as ChannelID, compression: 0 as Compression, data: undefined };
}

function boxOf({ image, x, y }: Placed) {
  return { left: x, top: y, right: x + image.width, bottom: y + image.height };
}

function commonOf(layer: Layer, number: number): AgLayer {
  const { transparency, pixels, position } = layer.locks;
  return {
    id: number,
    name: layer.name,
    hidden: !layer.visible,
    opacity: layer.opacity,
    ...(layer.fill < 1 ? { fillOpacity: layer.fill } : {}),
    blendMode: layer.blend,
    clipping: layer.clipped,
    layerColor: layer.tag,
    transparencyProtected: transparency,
    protected: { transparency, composite: pixels, position },
  };
}
