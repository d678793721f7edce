import type { LayerRecord, PsdContainer } from './container';
import { LARGE_KEYS } from './container';
import type { KeptPart } from './kept';

/** What goes into a file that ag-psd wrote. */
export interface Insertions {
  /** Blocks of layers, by the layer's place among those of the container that are no ends of groups. */
  readonly layers: ReadonlyMap<number, readonly KeptPart[]>;
  readonly document: readonly KeptPart[];
  /** Resources; `key` is the number in digits. */
  readonly resources: readonly KeptPart[];
}

interface Edit {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * Puts blocks and resources that ag-psd does not know, byte for byte, into the file it wrote, and makes the lengths of
 * what holds them right.
 */
export function splice(
  file: Uint8Array<ArrayBuffer>,
  container: PsdContainer,
  insertions: Insertions,
): Uint8Array<ArrayBuffer> {
  const { large, layout } = container;
  const edits: Edit[] = [];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const grow = (at: number, by: number, wide: boolean) => {
    const low = wide ? at + 4 : at;
    view.setUint32(low, view.getUint32(low) + by);
  };
  const resources = joined(insertions.resources.map(resourceBytes));
  if (resources.length > 0) {
    edits.push({ at: layout.resourcesEnd, bytes: resources });
    grow(layout.resourcesLengthAt, resources.length, false);
  }
  let inLayers = 0;
  const layers = container.layers.filter(({ divider }) => divider !== 'end-of-group');
  layers.forEach((record: LayerRecord, index) => {
    const parts = insertions.layers.get(index) ?? [];
    if (parts.length === 0) return;
    const bytes = joined([...parts.map((part) => blockBytes(part, large, 2)), ...padding(parts)]);
    edits.push({ at: record.extraEnd, bytes });
    grow(record.extraLengthAt, bytes.length, false);
    inLayers += bytes.length;
  });
  if (inLayers > 0) grow(layout.layersLengthAt, inLayers, large);
  const blocks = joined(insertions.document.map((part) => blockBytes(part, large, 4)));
  if (blocks.length > 0) edits.push({ at: layout.sectionEnd, bytes: blocks });
  if (inLayers + blocks.length > 0) grow(layout.sectionLengthAt, inLayers + blocks.length, large);
  return insert(file, edits);
}

/** A block; those of a layer follow one another at even places, those of the document at multiples of 4. */
function blockBytes({ key, bytes }: KeptPart, large: boolean, grid: 2 | 4): Uint8Array {
  const wide = large && LARGE_KEYS.has(key);
  const head = wide ? 16 : 12;
  const out = new Uint8Array(head + roundUp(bytes.length, grid));
  writeText(out, 0, (wide ? '8B64' : '8BIM') + key);
  new DataView(out.buffer).setUint32(head - 4, roundUp(bytes.length, 2));
  out.set(bytes, head);
  return out;
}

/** Zeros after a layer's blocks, so that what comes after them stays on its grid. */
function padding(parts: readonly KeptPart[]): Uint8Array[] {
  const odd = parts.filter(({ bytes }) => roundUp(bytes.length, 2) % 4 !== 0).length;
  return odd % 2 === 0 ? [] : [new Uint8Array(2)];
}

const roundUp = (length: number, grid: 2 | 4) => Math.ceil(length / grid) * grid;

function resourceBytes({ key, bytes }: KeptPart): Uint8Array {
  const out = new Uint8Array(12 + bytes.length + (bytes.length % 2));
  writeText(out, 0, '8BIM');
  const view = new DataView(out.buffer);
  view.setUint16(4, Number(key));
  view.setUint32(8, bytes.length);
  out.set(bytes, 12);
  return out;
}

function writeText(out: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The file with every edit's bytes in at its place; the places are in order. */
function insert(file: Uint8Array<ArrayBuffer>, edits: readonly Edit[]): Uint8Array<ArrayBuffer> {
  if (edits.length === 0) return file;
  const out = new Uint8Array(edits.reduce((sum, { bytes }) => sum + bytes.length, file.length));
  let from = 0;
  let to = 0;
  for (const { at, bytes } of edits) {
    out.set(file.subarray(from, at), to);
    to += at - from;
    out.set(bytes, to);
    to += bytes.length;
    from = at;
  }
  out.set(file.subarray(from), to);
  return out;
}
