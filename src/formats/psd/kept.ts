import { strFromU8, strToU8 } from 'fflate';
import { z } from 'zod';
import { damaged } from './bytes';
import { ADJUSTMENT_KEYS } from './adjustments';
import type { Block, LayerRecord, PsdContainer, Span } from './container';
import { writeMemo } from './memo';

/** Blocks that are written from our own records, and never kept. */
const OURS: ReadonlySet<string> = new Set('luni lyid lsct lsdk lclr lspf iOpa lnsr lyvr'.split(' '));

/** What the blocks that matter are called, in the order in which they name a layer. */
const TITLES: readonly (readonly [title: string, keys: string])[] = [
  ['Smart object', 'SoLd SoLE PlLd plLd'],
  ['Text', 'TySh tySh'],
  ['Shape', 'vscg vstk vogk'],
  ['Fill', 'SoCo GdFl PtFl'],
  ['Adjustment', 'mixr clrL nvrt post thrs grdm selc phfl blwh vibA'],
  ['Effects', 'lfx2 lrFX lmfx'],
  ['Vector mask', 'vmsk vsms'],
  ['Artboard', 'artb artd abdd'],
];
/** Of these, what would show something else once the layer's pixels or place are changed. */
const CONTENT: ReadonlySet<string> = new Set(
  'SoLd SoLE PlLd plLd TySh tySh vscg vstk vogk SoCo GdFl PtFl vmsk vsms artb artd abdd'.split(' '),
);
/** Blocks of the document that layers' blocks refer to. */
const DOCUMENT_KEYS: ReadonlySet<string> = new Set(
  'Patt Pat2 Pat3 lnkD lnk2 lnk3 lnkE Txt2 FMsk FEid FXid Anno extn'.split(' '),
);
/** Resources that stay true whatever becomes of the layers: guides, global light, IPTC, EXIF, copyright, URL, print. */
const RESOURCES: ReadonlySet<number> = new Set([1028, 1032, 1034, 1035, 1037, 1049, 1054, 1058, 1082, 1083]);

const XMP = 1060;

/** One thing that was kept: a block of a layer or the document (`key`), or a resource (`id` in digits). */
export interface KeptPart {
  readonly key: string;
  readonly bytes: Uint8Array;
}

const whole = z.number().int();
/** What is kept of a layer or a document beside the parts, whose keys and lengths it lists. */
const keptHead = z.object({
  /** What the layer looked like when it was opened: the parts that define its content hold only as long as it does. */
  pixels: z.string().optional(),
  x: whole.optional(),
  y: whole.optional(),
  /** The layer's mask when it was opened, where a vector mask had drawn it. */
  vectorMask: z.string().optional(),
  /** “Blend if”, four bytes a range. */
  blendingRanges: z.array(whole.min(0).max(255)).optional(),
  parts: z.array(z.tuple([z.string().max(8), whole.min(0)])),
});

export type KeptThings = Omit<z.infer<typeof keptHead>, 'parts'> & { readonly parts: readonly KeptPart[] };

/** What a layer has beyond our records, and what a person would call it; null when there is nothing that matters. */
export function keptOfLayer(
  record: LayerRecord,
  bytes: Uint8Array,
  understood: boolean,
): { title: string; parts: KeptPart[]; blendingRanges: number[] } | null {
  const blocks = record.blocks.filter(
    ({ key }) => !OURS.has(key) && !(understood && ADJUSTMENT_KEYS.has(key)),
  );
  const has = (keys: string) =>
    blocks.some(({ key, start, end }) => end > start && keys.split(' ').includes(key));
  const blendingRanges = [...bytesOf(bytes, record.blendingRanges)];
  const titles = TITLES.filter(([, keys]) => has(keys)).map(([title]) => title);
  if (isUnusual(blendingRanges) || blocks.some((block) => isAdvanced(block, bytes)))
    titles.push('Blending options');
  const [title] = titles;
  if (!title) return null;
  return { title, parts: partsOf(blocks, bytes), blendingRanges };
}

/** What the document has beyond our records; null when there is nothing. */
export function keptOfDocument(container: PsdContainer, bytes: Uint8Array): KeptPart[] | null {
  const parts = partsOf(
    container.blocks.filter(({ key }) => DOCUMENT_KEYS.has(key)),
    bytes,
  );
  for (const resource of container.resources) {
    // 2000 to 2998 are paths.
    if (!RESOURCES.has(resource.id) && (resource.id < 2000 || resource.id > 2998)) continue;
    parts.push({ key: String(resource.id), bytes: bytesOf(bytes, resource) });
  }
  const xmp = container.resources.find(({ id }) => id === XMP);
  const told = xmp && writeMemo({ layers: [], inverted: [] }, strFromU8(bytesOf(bytes, xmp)));
  // Without our own memo there may be nothing left that anybody said.
  if (told && /<rdf:Description\b/.test(told)) parts.push({ key: String(XMP), bytes: strToU8(told) });
  return parts.length > 0 ? parts : null;
}

const bytesOf = (bytes: Uint8Array, { start, end }: Span) => bytes.subarray(start, end);

function partsOf(blocks: readonly Block[], bytes: Uint8Array): KeptPart[] {
  return blocks.map((block) => ({ key: block.key, bytes: bytesOf(bytes, block) }));
}

/** “Blend if” that is not the whole range: pairs of black (0, 0) and white (255, 255). */
function isUnusual(ranges: readonly number[]): boolean {
  return ranges.some((value, i) => value !== (i % 4 < 2 ? 0 : 255));
}

/** Knockout, or blending of interior effects, clipped layers, transparency and masks other than by default. */
function isAdvanced({ key, start, end }: Block, bytes: Uint8Array): boolean {
  if (end <= start) return false;
  const first = bytes[start]!;
  if (key === 'knko' || key === 'infx' || key === 'lmgm' || key === 'vmgm') return first !== 0;
  return (key === 'clbl' || key === 'tsly') && first === 0;
}

/** Without the parts that say what the layer shows: those it no longer shows once it was changed. */
export function withoutContent(kept: KeptThings): KeptThings {
  return { ...kept, parts: kept.parts.filter(({ key }) => !CONTENT.has(key)) };
}

/** Whether any part says what the layer shows. */
export function hasContent(kept: KeptThings): boolean {
  return kept.parts.some(({ key }) => CONTENT.has(key));
}

/** As bytes for the blob store: the length of a head in JSON (4 bytes), the head, the parts. */
export function packKept({ parts, ...head }: KeptThings): Uint8Array {
  const json = strToU8(
    JSON.stringify({ ...head, parts: parts.map(({ key, bytes }) => [key, bytes.length]) }),
  );
  const packed = new Uint8Array(parts.reduce((sum, { bytes }) => sum + bytes.length, 4 + json.length));
  new DataView(packed.buffer).setUint32(0, json.length);
  packed.set(json, 4);
  let at = 4 + json.length;
  for (const { bytes } of parts) {
    packed.set(bytes, at);
    at += bytes.length;
  }
  return packed;
}

/** The inverse of {@link packKept}; throws a Fault when the bytes are not its. */
export function unpackKept(packed: Uint8Array): KeptThings {
  const broken = () => damaged('What was kept of the file', 'it cannot be read');
  if (packed.length < 4) throw broken();
  const length = new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(0);
  if (4 + length > packed.length) throw broken();
  const head = keptHead.safeParse(JSON.parse(strFromU8(packed.subarray(4, 4 + length))));
  if (!head.success) throw broken();
  let at = 4 + length;
  const parts = head.data.parts.map(([key, size]) => {
    const bytes = packed.subarray(at, at + size);
    at += size;
    if (at > packed.length) throw broken();
    return { key, bytes };
  });
  return { ...head.data, parts };
}
