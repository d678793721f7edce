import { readPsd, type BlendMode as AgBlendMode, type Layer as AgLayer } from 'ag-psd';
import { BLEND_MODES, type BlendMode } from '../../document/blend-mode';
import { adjustmentLayer, groupLayer, newDocument, pixelLayer } from '../../document/new-layer';
import type { Kept, Layer, LayerId, LayerMask } from '../../document/records';
import { Fault } from '../../pixels/fault';
import { createImage, type Image } from '../../pixels/image';
import type { ToSrgb } from '../color/to-srgb';
import {
  checkBudget,
  checkSignal,
  type Notice,
  type OpenedProject,
  type ProjectShelf,
  type ReadOptions,
} from '../project-file';
import { readAdjustment } from './adjustments';
import { damaged } from './bytes';
import { readContainer, type LayerRecord, type PsdContainer } from './container';
import { decodeComposite, decodeLayer, packedLayer, resourceOf } from './flat';
import { keptOfDocument, keptOfLayer, packKept } from './kept';
import { maskPixels, readMask } from './masks';
import { readMemo, type Memo } from './memo';
import { conversionOf } from './profile';
import { restore, type Remembered } from './restore';

const RESOLUTION = 1005;
const XMP = 1060;
/** Groups deeper than this are made by nobody. */
const DEEPEST = 200;

/** Opens a PSD or PSB file; see {@link import('../project').readProject}. */
export async function readPsdProject(
  bytes: Uint8Array,
  name: string,
  shelf: ProjectShelf,
  options: ReadOptions,
): Promise<OpenedProject> {
  const container = readContainer(bytes, name);
  const reading = new Reading(container, bytes, name, shelf, options);
  const order = container.layers.length > 0 ? await reading.layers() : await reading.flat();
  const kept = keptOfDocument(container, bytes);
  const document = newDocument(
    {
      width: container.width,
      height: container.height,
      resolution: resolutionOf(container, bytes),
      kept: kept && {
        format: 'psd',
        title: 'Photoshop',
        data: await shelf.blob(packKept({ parts: kept })),
      },
    },
    reading.found,
    order,
  );
  const restored = restore(document, reading.memo.layers, reading.remembered, reading.ids);
  if (restored.lost > 0) {
    reading.note(
      'harmonization-lost',
      'Layers harmonized by Attune were changed in another program since; they are shown as that program left them.',
    );
  }
  return { document: restored.document, format: container.large ? 'psb' : 'psd', notices: reading.notices };
}

function resolutionOf(container: PsdContainer, bytes: Uint8Array): number {
  const found = resourceOf(container, bytes, RESOLUTION);
  if (!found || found.length < 4) return 72;
  const dpi = new DataView(found.buffer, found.byteOffset).getUint32(0) / 65536;
  return dpi >= 1 && dpi <= 30_000 ? dpi : 72;
}

/** The reading of one file: what was found so far. */
class Reading {
  readonly #container: PsdContainer;
  readonly #bytes: Uint8Array;
  readonly #name: string;
  readonly #shelf: ProjectShelf;
  readonly #options: ReadOptions;
  readonly #toSrgb: ToSrgb | null;
  #count = 0;
  readonly found: Layer[] = [];
  readonly notices: Notice[] = [];
  readonly memo: Memo;
  /** The layers that the memo names, by the number that the file gives them. */
  readonly remembered = new Map<number, Remembered>();
  readonly ids = new Map<number, LayerId>();
  readonly #named: ReadonlySet<number>;
  /** Layers that are being unpacked. */
  readonly #begun = new Map<LayerRecord, Promise<Image>>();

  constructor(
    container: PsdContainer,
    bytes: Uint8Array,
    name: string,
    shelf: ProjectShelf,
    options: ReadOptions,
  ) {
    this.#container = container;
    this.#bytes = bytes;
    this.#name = name;
    this.#shelf = shelf;
    this.#options = options;
    this.#toSrgb = this.#profile();
    this.memo = readMemo(resourceOf(container, bytes, XMP));
    const { layers } = this.memo;
    this.#named = new Set(
      layers.flatMap(({ layer, original, result }) => [layer, original ?? -1, result ?? -1]),
    );
    if (container.depth === 16) {
      this.note('depth', `${name} has 16 bits a channel; Attune works with 8, and a save from here has 8.`);
    }
  }

  note(code: Notice['code'], message: string): void {
    if (!this.notices.some((notice) => notice.message === message)) this.notices.push({ code, message });
  }

  #profile(): ToSrgb | null {
    const toSrgb = conversionOf(this.#container, this.#bytes);
    if (toSrgb === 'unknown') {
      this.note(
        'profile-unknown',
        `The colour profile in ${this.#name} is of a kind that Attune does not convert; its colours are shown as sRGB.`,
      );
      return null;
    }
    if (toSrgb)
      this.note(
        'profile',
        `${this.#name} has a colour profile of its own; its colours were converted to sRGB.`,
      );
    return toSrgb;
  }

  #id(): LayerId {
    this.#count += 1;
    return this.#options.newId?.() ?? `layer-${this.#count}`;
  }

  #convert(image: Image): Image {
    this.#toSrgb?.(image.data);
    return image;
  }

  /** A file without layers: its flattened picture as one. */
  async flat(): Promise<LayerId[]> {
    const { width, height } = this.#container;
    checkBudget(width * height, this.#name, this.#options.budget);
    const image = this.#convert(decodeComposite(this.#container, this.#bytes, this.#name));
    const pixels = await this.#shelf.image(image);
    const id = this.#id();
    this.found.push(pixelLayer({ id, name: 'Background', pixels, width, height }));
    return [id];
  }

  async layers(): Promise<LayerId[]> {
    const records = this.#container.layers.filter(({ divider }) => divider !== 'end-of-group');
    const root = this.#structure();
    const paired = new Map<AgLayer, LayerRecord>();
    pair(root, records, paired, 0, this.#name);
    if (paired.size !== records.length) throw damaged(this.#name, 'its groups do not close');
    let pixels = 0;
    for (const [layer, { box }] of paired) pixels += box.width * box.height + maskPixels(layer) / 4;
    checkBudget(pixels, this.#name, this.#options.budget);
    this.#begin(paired, pixels);
    return this.#children(root, paired);
  }

  /** Has the layers unpacked side by side, where the caller can; colours that are converted are not worth the way. */
  #begin(paired: ReadonlyMap<AgLayer, LayerRecord>, pixels: number): void {
    const unpack = this.#toSrgb ? null : (this.#options.unpackers?.(pixels) ?? null);
    if (!unpack) return;
    for (const [layer, record] of paired) {
      const { box, channels } = record;
      if (layer.children || layer.adjustment || channels.length === 0 || box.width * box.height === 0)
        continue;
      const image = unpack(packedLayer(this.#container, record), this.#bytes);
      // Whoever waits for it hears of a failure; until then it is nobody's.
      image.catch(() => undefined);
      this.#begun.set(record, image);
    }
  }

  #image(record: LayerRecord): Image | Promise<Image> {
    const begun = this.#begun.get(record);
    if (begun) return begun;
    const layer = packedLayer(this.#container, record);
    return this.#convert(decodeLayer(layer, this.#bytes, this.#name, this.#shelf.room));
  }

  /** What ag-psd makes of the layers' records; no pixels. */
  #structure(): AgLayer[] {
    const psd = readPsd(fewChannels(this.#bytes), {
      skipLayerImageData: true,
      skipCompositeImageData: true,
      skipThumbnail: true,
      skipLinkedFilesData: true,
      // Reading past the end is only told as a message; left alone, it allocates up to 100 MB each time.
      debug: true,
      log: (message: unknown) => {
        if (String(message).startsWith('Reading bytes exceeding'))
          throw damaged(this.#name, 'a block is cut short');
      },
    });
    return psd.children ?? [];
  }

  async #children(layers: readonly AgLayer[], paired: ReadonlyMap<AgLayer, LayerRecord>): Promise<LayerId[]> {
    const ids: LayerId[] = [];
    for (const layer of layers) {
      checkSignal(this.#options.signal);
      ids.push(await this.#layer(layer, paired));
    }
    return ids;
  }

  async #layer(layer: AgLayer, paired: ReadonlyMap<AgLayer, LayerRecord>): Promise<LayerId> {
    const record = paired.get(layer)!;
    const children = layer.children && (await this.#children(layer.children, paired));
    const adjustment = layer.adjustment ? readAdjustment(layer.adjustment) : null;
    const id = this.#id();
    if (layer.id !== undefined) this.ids.set(layer.id, id);
    const inverted = layer.id !== undefined && this.memo.inverted.includes(layer.id);
    const mask = await readMask(
      this.#container,
      record,
      layer,
      inverted,
      this.#bytes,
      this.#shelf,
      this.#name,
    );
    const common = { id, ...commonOf(layer), mask };
    const { mode } = this.#container;
    if (children) {
      const kept = await this.#kept(layer, record, false, mask, undefined);
      this.found.push(
        groupLayer({
          ...common,
          kept,
          children,
          isolated: layer.blendMode !== 'pass through',
          expanded: layer.opened ?? true,
        }),
      );
    } else if (adjustment && mode === 3) {
      const kept = await this.#kept(layer, record, true, mask, undefined);
      this.found.push(adjustmentLayer({ ...common, kept, adjustment }));
    } else await this.#pixels(layer, record, common, mask);
    return id;
  }

  async #pixels(
    layer: AgLayer,
    record: LayerRecord,
    common: { id: LayerId; name: string },
    mask: LayerMask | null,
  ): Promise<void> {
    const { box } = record;
    const empty = box.width === 0 || box.height === 0;
    const image = empty ? createImage(1, 1) : await this.#image(record);
    const pixels = await this.#shelf.image(image);
    const kept = await this.#kept(layer, record, false, mask, pixels);
    if (kept && empty && kept.title !== 'Effects') {
      this.note(
        'not-shown',
        `“${common.name}” (${kept.title.toLowerCase()}) has no pixels in ${this.#name} and is not shown; it is kept for saving.`,
      );
    }
    const made = pixelLayer({
      ...common,
      kept,
      pixels,
      width: image.width,
      height: image.height,
      transform: { a: 1, b: 0, c: 0, d: 1, e: box.x, f: box.y },
    });
    this.found.push(made);
    if (layer.id !== undefined && this.#named.has(layer.id)) {
      this.remembered.set(layer.id, { id: common.id, image, x: box.x, y: box.y });
    }
  }

  async #kept(
    layer: AgLayer,
    record: LayerRecord,
    understood: boolean,
    mask: LayerMask | null,
    pixels: string | undefined,
  ): Promise<Kept | null> {
    const found = keptOfLayer(record, this.#bytes, understood);
    if (!found) return null;
    const { title, parts, blendingRanges } = found;
    const data = await this.#shelf.blob(
      packKept({
        parts,
        blendingRanges,
        pixels,
        x: record.box.x,
        y: record.box.y,
        vectorMask: mask && layer.mask?.fromVectorData ? mask.pixels : undefined,
      }),
    );
    this.note(
      'kept',
      `Text, smart objects, shapes, effects and the like in ${this.#name} are shown by their pixels where they have any, and kept as they are when you save.`,
    );
    return { format: 'psd', title, data };
  }
}

/** The file with no more than 16 channels in its head: ag-psd refuses more, and no layer minds. */
function fewChannels(bytes: Uint8Array): Uint8Array {
  if (bytes[12] === 0 && bytes[13]! <= 16) return bytes;
  const patched = bytes.slice();
  patched.set([0, 3], 12);
  return patched;
}

/** Pairs what ag-psd read with our own records; both list the layers from the bottom up, a group after what is in it. */
function pair(
  layers: readonly AgLayer[],
  records: readonly LayerRecord[],
  paired: Map<AgLayer, LayerRecord>,
  depth: number,
  name: string,
): void {
  if (depth > DEEPEST) throw damaged(name, 'its groups are nested too deeply');
  for (const layer of layers) {
    if (layer.children) pair(layer.children, records, paired, depth + 1, name);
    const record = records[paired.size];
    if (!record || record.box.x !== layer.left || record.box.y !== layer.top) {
      throw damaged(name, 'its layers are not in order');
    }
    paired.set(layer, record);
  }
}

function commonOf(layer: AgLayer) {
  const transparency = (layer.transparencyProtected ?? false) || (layer.protected?.transparency ?? false);
  return {
    name: (layer.name ?? '').slice(0, 1000) || 'Layer',
    visible: !layer.hidden,
    locks: {
      transparency,
      pixels: layer.protected?.composite ?? false,
      position: layer.protected?.position ?? false,
    },
    opacity: layer.opacity ?? 1,
    fill: layer.fillOpacity ?? 1,
    blend: blendOf(layer.blendMode),
    clipped: layer.clipping ?? false,
    tag: layer.layerColor ?? 'none',
  } as const;
}

function blendOf(mode: AgBlendMode | undefined): BlendMode {
  const found = BLEND_MODES.find((known) => known === mode);
  if (found || mode === undefined || mode === 'pass through') return found ?? 'normal';
  throw new Fault('unsupported', `The blend mode “${mode}” is not known.`);
}
