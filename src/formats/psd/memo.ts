import { strFromU8 } from 'fflate';
import { z } from 'zod';

/** Our own lines in the file's XMP: what a layer of Attune is that a layer of Photoshop is not. */
const NAMESPACE = 'https://attune.photo/ns/project/1/';

const layerNumber = z.number().int().min(0);
const finite = z.number();
const entry = z.object({
  /** The file's number (`lyid`) of the layer that shows. */
  layer: layerNumber,
  /** Of the hidden layer with the layer's own pixels; absent: those of the layer that shows. */
  original: layerNumber.optional(),
  /** Of the hidden layer with the harmonized pixels at full strength; absent: those of the layer that shows. */
  result: layerNumber.optional(),
  /** Layer pixels → document pixels: a, b, c, d, e, f. */
  transform: z.tuple([finite, finite, finite, finite, finite, finite]).optional(),
  harmonization: z
    .object({
      method: z.string(),
      network: z.string(),
      version: z.string(),
      device: z.string(),
      ms: z.number().nonnegative(),
      strength: z.number().min(0).max(1),
      enabled: z.boolean(),
      towards: layerNumber.optional(),
    })
    .optional(),
});
const memo = z.object({
  version: z.literal(1),
  layers: z.array(entry).max(10_000),
  /** Of the layers whose mask is inverted: the file has it turned. */
  inverted: z.array(layerNumber).max(100_000),
});

/** What the memo says of one layer. */
export type MemoEntry = z.infer<typeof entry>;
export type Memo = Omit<z.infer<typeof memo>, 'version'>;

const NOTHING: Memo = { layers: [], inverted: [] };

/** The memo in the XMP of a file; an empty one when there is none, or none that can be read. */
export function readMemo(xmp: Uint8Array | null): Memo {
  if (!xmp) return NOTHING;
  try {
    const text = strFromU8(xmp);
    // Photoshop may write a property as an element or as an attribute.
    const found =
      /<attune:project>([^<]*)<\/attune:project>/.exec(text) ?? /\battune:project="([^"]*)"/.exec(text);
    return found ? memo.parse(JSON.parse(unescapeXml(found[1]!))) : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** XMP with the memo; within `before`, the packet the file had, when there is one. */
export function writeMemo({ layers, inverted }: Memo, before: string | null): string | null {
  const base = before
    ?.replace(
      /<rdf:Description[^>]*xmlns:attune=[^>]*>\s*<attune:project>[^<]*<\/attune:project>\s*<\/rdf:Description>/g,
      '',
    )
    .replace(/\s+attune:project="[^"]*"/g, '');
  if (layers.length === 0 && inverted.length === 0) return base ?? null;
  const json = escapeXml(JSON.stringify({ version: 1, layers, inverted }));
  const ours = `<rdf:Description rdf:about="" xmlns:attune="${NAMESPACE}"><attune:project>${json}</attune:project></rdf:Description>`;
  const end = base?.lastIndexOf('</rdf:RDF>') ?? -1;
  if (base && end >= 0) return base.slice(0, end) + ours + base.slice(end);
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    ours,
    '</rdf:RDF>',
    '</x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n');
}

/** As text of an element or attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** The inverse of {@link escapeXml}; knows the five named entities and the numbered ones. */
export function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name) return named[String(name)] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
