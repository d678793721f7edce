import { unescapeXml } from '../psd/memo';

/** An element of an XML document; text between elements is left out. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
}

const DEEPEST = 200;
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|<!/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Reads the small XML that OpenRaster uses: elements and attributes. No document types, hence no entities that refer to
 * files or grow. Null when it is not well-formed.
 */
export function parseXml(text: string): Element | null {
  const root: Element = { name: '', attributes: new Map(), children: [] };
  const open = [root];
  for (const token of text.matchAll(TOKEN)) {
    const [whole, closing, opening, attributes = '', empty] = token;
    if (closing !== undefined) {
      if (open.length < 2 || open.pop()?.name !== closing) return null;
    } else if (opening !== undefined) {
      const element: Element = { name: opening, attributes: readAttributes(attributes), children: [] };
      open.at(-1)!.children.push(element);
      if (empty === '') open.push(element);
      if (open.length > DEEPEST) return null;
    } else if (whole === '<!') return null;
  }
  return open.length === 1 && root.children.length === 1 ? root.children[0]! : null;
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, name, double, single]) => [
      name!,
      unescapeXml(double ?? single ?? ''),
    ]),
  );
}
