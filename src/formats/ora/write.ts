import { strToU8, zipSync, type Zippable } from 'fflate';
import { documentView, renderDocument } from '../../compositor/render';
import { newDocument } from '../../document/new-layer';
import type { Document, GroupLayer, Layer, LayerId } from '../../document/records';
import { subtree } from '../../document/tree';
import { Fault } from '../../pixels/fault';
import { encodePng } from '../png/encode';
import {
  checkSignal,
  type Notice,
  type ProjectSource,
  type SavedProject,
  type WriteOptions,
} from '../project-file';
import { bakeLayer, type Placed } from '../psd/bake';
import { escapeXml } from '../psd/memo';
import { transparentThumbnailOf } from '../thumbnail';
import { compositeOpOf } from './composite-op';

const THUMBNAIL_SIDE = 256;

/** Saves as OpenRaster (Freedesktop, OpenRaster 0.0.6); see {@link import('../project').writeProject}. */
export async function writeOra(
  document: Document,
  source: ProjectSource,
  { signal }: WriteOptions,
): Promise<SavedProject> {
  const writer = new StackWriter(document, source);
  const layers = writer.stack(document.order);
  checkSignal(signal);
  const flat = renderDocument(document, source, documentView(document));
  const { width, height, resolution } = document;
  const xml = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<image version="0.0.6" w="${width}" h="${height}" xres="${Math.round(resolution)}" yres="${Math.round(resolution)}">`,
    '<stack>',
    ...layers,
    '</stack>',
    '</image>',
  ].join('\n');
  // What must come first, and stored, does; PNG is packed already.
  const files: Zippable = {
    mimetype: [strToU8('image/openraster'), { level: 0 }],
    'stack.xml': [strToU8(xml), { level: 6 }],
  };
  for (const [path, placed] of writer.pictures) {
    checkSignal(signal);
    files[path] = [encodePng(placed.image), { level: 0 }];
  }
  files['mergedimage.png'] = [encodePng(flat), { level: 0 }];
  files['Thumbnails/thumbnail.png'] = [encodePng(transparentThumbnailOf(flat, THUMBNAIL_SIDE)), { level: 0 }];
  const zipped = zipSync(files, { mtime: '1980-01-01T00:00:00' });
  return { bytes: new Uint8Array(zipped), format: 'ora', notices: writer.notices };
}

/** Turns layers into the elements of a stack; what OpenRaster does not have is merged into the pixels, and said. */
class StackWriter {
  readonly #document: Document;
  readonly #source: ProjectSource;
  readonly pictures = new Map<string, Placed>();
  readonly notices: Notice[] = [];

  constructor(document: Document, source: ProjectSource) {
    this.#document = document;
    this.#source = source;
  }

  #layer(id: LayerId): Layer {
    const layer = this.#document.layers[id];
    if (!layer) throw new Fault('document', `There is no layer ${id}.`);
    return layer;
  }

  /** The elements of layers that lie beside one another, from the top to the bottom as OpenRaster wants them. */
  stack(ids: readonly LayerId[]): string[] {
    const adjusted = ids.findLastIndex((id) => this.#reachesBelow(id));
    const elements: string[] = [];
    if (adjusted >= 0) {
      this.#note(
        'adjustment-lost',
        'OpenRaster has no adjustment layers: they were merged with what lies under them.',
      );
      elements.push(this.#merged('Merged', ids.slice(0, adjusted + 1), null));
    }
    let at = adjusted + 1;
    while (at < ids.length) {
      const base = this.#layer(ids[at]!);
      let end = at + 1;
      while (end < ids.length && this.#layer(ids[end]!).clipped) end++;
      elements.push(this.#element(base, ids.slice(at, end)));
      at = end;
    }
    return elements.toReversed();
  }

  /** Whether the layer, or one that passes through its group, adjusts the colours of what lies under it. */
  #reachesBelow(id: LayerId): boolean {
    const layer = this.#layer(id);
    if (!layer.visible) return false;
    if (layer.kind === 'group')
      return !layer.isolated && layer.children.some((child) => this.#reachesBelow(child));
    return layer.kind === 'adjustment';
  }

  #element(base: Layer, run: readonly LayerId[]): string {
    if (base.kind === 'adjustment') {
      this.#note(
        'adjustment-lost',
        `OpenRaster has no adjustment layers: “${base.name}”, which is hidden, was left out.`,
      );
      return '';
    }
    if (run.length > 1) {
      this.#note(
        'not-shown',
        'OpenRaster has no clipping: clipped layers were merged with the layer they are clipped to.',
      );
      return this.#merged(base.name, run, base);
    }
    if (base.mask?.enabled) {
      this.#note('mask-flattened', 'OpenRaster has no masks: they were applied.');
      return this.#merged(base.name, run, base);
    }
    return base.kind === 'group'
      ? this.#group(base)
      : this.#picture(base, bakeLayer(base, this.#document, this.#source));
  }

  #group(group: GroupLayer): string {
    const isolation = group.isolated ? 'isolate' : 'auto';
    return [
      `<stack ${this.#attributes(group)} isolation="${isolation}">`,
      ...this.stack(group.children),
      '</stack>',
    ].join('\n');
  }

  /** Layers flattened into one of the document's size, which blends as `base` does (null: normally). */
  #merged(name: string, ids: readonly LayerId[], base: Layer | null): string {
    const document = this.#document;
    const layers = Object.fromEntries(
      ids.flatMap((id) => subtree(document, id)).map((id) => [id, this.#layer(id)] as const),
    );
    // What the element says of the base must not be in the pixels too.
    if (base) {
      layers[base.id] = { ...base, visible: true, opacity: 1, blend: 'normal' };
    }
    const alone = newDocument(document, Object.values(layers), ids);
    const image = renderDocument(alone, this.#source, documentView(document));
    return this.#picture(
      base ?? { name, visible: true, opacity: 1, fill: 1, blend: 'normal' },
      { image, x: 0, y: 0 },
      base !== null,
    );
  }

  #picture(
    layer: Pick<Layer, 'name' | 'visible' | 'opacity' | 'fill' | 'blend'> & Partial<Layer>,
    placed: Placed,
    filled = false,
  ): string {
    const path = `data/layer${String(this.pictures.size).padStart(3, '0')}.png`;
    this.pictures.set(path, placed);
    return `<layer ${this.#attributes(layer, filled)} src="${path}" x="${placed.x}" y="${placed.y}" />`;
  }

  #attributes(
    layer: Pick<Layer, 'name' | 'visible' | 'opacity' | 'fill' | 'blend'> & Partial<Layer>,
    filled = false,
  ): string {
    const opacity = layer.opacity * (filled ? 1 : layer.fill);
    const { locks } = layer;
    return [
      `name="${escapeXml(layer.name)}"`,
      `opacity="${Number(opacity.toFixed(6))}"`,
      `visibility="${layer.visible ? 'visible' : 'hidden'}"`,
      `composite-op="${compositeOpOf(layer.blend)}"`,
      ...(locks?.pixels && locks.position ? ['edit-locked="true"'] : []),
    ].join(' ');
  }

  #note(code: Notice['code'], message: string): void {
    if (!this.notices.some((notice) => notice.message === message)) this.notices.push({ code, message });
  }
}
