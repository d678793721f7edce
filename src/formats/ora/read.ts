import { strFromU8 } from 'fflate';
import { groupLayer, newDocument, pixelLayer, UNLOCKED } from '../../document/new-layer';
import type { Layer, LayerId } from '../../document/records';
import { checkSize } from '../../pixels/image';
import { decodePng, readPngHeader } from '../png/decode';
import {
  checkBudget,
  checkSignal,
  DEFAULT_BUDGET,
  type Notice,
  type OpenedProject,
  type ProjectShelf,
  type ReadOptions,
} from '../project-file';
import { damaged } from '../psd/bytes';
import { Archive } from './archive';
import { modeOf } from './composite-op';
import { parseXml, type Element } from './xml';

/** The most bytes that the description of the layers may have. */
const LONGEST_STACK = 16 * 2 ** 20;

/** Opens an OpenRaster file (Freedesktop, OpenRaster 0.0.6); see {@link import('../project').readProject}. */
export async function readOra(
  bytes: Uint8Array,
  name: string,
  shelf: ProjectShelf,
  options: ReadOptions,
): Promise<OpenedProject> {
  const archive = new Archive(bytes, name);
  const described = archive.read('stack.xml', LONGEST_STACK);
  const image = described && parseXml(strFromU8(described));
  const stack = image?.children.find((child) => child.name === 'stack');
  if (!image || !stack) throw damaged(name, 'it does not say what layers it has');
  const width = Math.round(numberOf(image, 'w', 0));
  const height = Math.round(numberOf(image, 'h', 0));
  checkSize(width, height);
  const reading = new Reading(archive, name, shelf, options);
  const order = await reading.children(stack);
  const document = newDocument(
    { width, height, resolution: numberOf(image, 'xres', 72) },
    reading.found,
    order,
  );
  return { document, format: 'ora', notices: reading.notices };
}

function numberOf(element: Element, attribute: string, otherwise: number): number {
  const value = Number(element.attributes.get(attribute) ?? otherwise);
  return Number.isFinite(value) ? value : otherwise;
}

class Reading {
  readonly #archive: Archive;
  readonly #name: string;
  readonly #shelf: ProjectShelf;
  readonly #options: ReadOptions;
  #count = 0;
  #pixels = 0;
  readonly found: Layer[] = [];
  readonly notices: Notice[] = [];

  constructor(archive: Archive, name: string, shelf: ProjectShelf, options: ReadOptions) {
    this.#archive = archive;
    this.#name = name;
    this.#shelf = shelf;
    this.#options = options;
  }

  /** OpenRaster lists layers from the top to the bottom. */
  async children(stack: Element): Promise<LayerId[]> {
    const ids: LayerId[] = [];
    for (const child of stack.children.toReversed()) {
      checkSignal(this.#options.signal);
      if (child.name === 'stack') ids.push(await this.#group(child));
      else if (child.name === 'layer') ids.push(await this.#layer(child));
      else {
        this.#note(
          'not-shown',
          `${this.#name} holds “${child.name}”, which Attune does not know; it is not shown and not kept.`,
        );
      }
    }
    return ids;
  }

  async #group(stack: Element): Promise<LayerId> {
    const children = await this.children(stack);
    const common = this.#common(stack, 'Group');
    // As the specification says: isolated, unless it says "auto" and nothing about it needs isolation.
    const isolated =
      stack.attributes.get('isolation') !== 'auto' || common.opacity < 1 || common.blend !== 'normal';
    this.found.push(groupLayer({ ...common, children, isolated }));
    return common.id;
  }

  async #layer(element: Element): Promise<LayerId> {
    const path = element.attributes.get('src') ?? '';
    const png = this.#archive.read(path, this.#options.budget ?? DEFAULT_BUDGET);
    if (!png) throw damaged(this.#name, `the picture “${path}” of a layer is missing`);
    const { width, height } = readPngHeader(png, this.#name);
    checkSize(width, height);
    this.#pixels += width * height;
    checkBudget(this.#pixels, this.#name, this.#options.budget);
    const pixels = await this.#shelf.image(decodePng(png, this.#name));
    const common = this.#common(element, 'Layer');
    const e = Math.round(numberOf(element, 'x', 0));
    const f = Math.round(numberOf(element, 'y', 0));
    const transform = { a: 1, b: 0, c: 0, d: 1, e, f };
    this.found.push(pixelLayer({ ...common, pixels, width, height, transform }));
    return common.id;
  }

  #common(element: Element, unnamed: string) {
    const { attributes } = element;
    const name = attributes.get('name') || unnamed;
    const operation = attributes.get('composite-op') ?? 'svg:src-over';
    const blend = modeOf(operation);
    if (!blend) {
      this.#note(
        'not-shown',
        `“${name}” blends by “${operation}”, which Attune does not know; it is shown as normal.`,
      );
    }
    const locked = attributes.get('edit-locked') === 'true';
    this.#count += 1;
    return {
      id: this.#options.newId?.() ?? `layer-${this.#count}`,
      name,
      visible: attributes.get('visibility') !== 'hidden',
      opacity: Math.min(1, Math.max(0, numberOf(element, 'opacity', 1))),
      blend: blend ?? 'normal',
      locks: locked ? { transparency: true, pixels: true, position: true } : UNLOCKED,
    };
  }

  #note(code: Notice['code'], message: string): void {
    if (!this.notices.some((notice) => notice.message === message)) this.notices.push({ code, message });
  }
}
