import { access, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeImage } from '../main/files/encode';
import { squashImage } from '../pixels/area';
import { createImage, type Image } from '../pixels/image';
import type { CaseSet } from './cases';
import type { Row } from './evaluate-tables';

/** The longer side of a picture on the sheet. */
const SIDE = 320;
/** Differences are shown so many times as strong. */
const AMPLIFIED = 4;

/** So many cases of a set, spread evenly over it. */
export function chosen<T>(list: readonly T[], count: number): T[] {
  if (count >= list.length) return [...list];
  return Array.from({ length: count }, (_, k) => list[Math.floor(((k + 0.5) * list.length) / count)]!);
}

/** The files of a case's pictures, relative to the output folder. */
function pictureOf(set: string, name: string, role: string): string {
  return `sheet/${set.replaceAll('/', '-')}/${name}/${role}.jpg`;
}

/** Whether everything that the sheet shows of a method on a case is there. */
export async function isDrawn(output: string, set: string, name: string, method: string): Promise<boolean> {
  const files = ['composite', 'truth', `is-${method}`, `off-${method}`];
  const found = await Promise.all(
    files.map((role) =>
      access(join(output, pictureOf(set, name, role))).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}

/** Writes a method's result on a case and how it differs from the truth, with composite and truth beside them. */
export async function draw(
  output: string,
  { set, case: name, method }: Pick<Row, 'set' | 'case' | 'method'>,
  pictures: { readonly composite: Image; readonly real: Image; readonly result: Image },
): Promise<void> {
  const { composite, real, result } = pictures;
  for (const [role, image] of [
    ['composite', composite],
    ['truth', real],
    [`is-${method}`, result],
    [`off-${method}`, difference(result, real)],
  ] as const) {
    const path = join(output, pictureOf(set, name, role));
    await mkdir(dirname(path), { recursive: true });
    await encodeImage(path, shrunk(image, SIDE), { quality: 88 });
  }
}

/** How far two pictures are apart, a channel at a time, {@link AMPLIFIED} times. */
export function difference(a: Image, b: Image): Image {
  const out = createImage(a.width, a.height);
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = i % 4 === 3 ? 255 : AMPLIFIED * Math.abs(a.data[i]! - b.data[i]!);
  }
  return out;
}

/** The picture with its longer side at most `side`; itself when it is small enough. */
export function shrunk(image: Image, side: number): Image {
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  if (scale === 1) return image;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const { data } = squashImage(image, width, height);
  const out = createImage(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) out.data[4 * i + c] = data[c * width * height + i]!;
    out.data[4 * i + 3] = 255;
  }
  return out;
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const address = (path: string) => escaped(path.split('/').map(encodeURIComponent).join('/'));

/** The contact sheet: a row a case with composite, every method and truth; under each result its difference. */
export function contactSheet(
  sets: readonly CaseSet[],
  methods: readonly string[],
  rows: readonly Row[],
): string {
  const measured = new Map(rows.map((row) => [`${row.set}\n${row.case}\n${row.method}`, row]));
  const picture = (path: string, words: string) =>
    `<a href="${address(path)}"><img loading="lazy" src="${address(path)}" alt="${escaped(words)}"></a>`;
  const sections = sets.map(({ name: set, cases }) => {
    const body = cases.map(({ name }) => {
      const results = methods.map((method) => {
        const row = measured.get(`${set}\n${name}\n${method}`)!;
        return `<td>${picture(pictureOf(set, name, `is-${method}`), `${method}, ${name}`)}
<span>${row.psnr.toFixed(2)} dB · MSE ${row.mse.toFixed(1)}</span>
${picture(pictureOf(set, name, `off-${method}`), `difference of ${method}, ${name}`)}</td>`;
      });
      return `<tr><th scope="row">${escaped(name)}</th><td>${picture(pictureOf(set, name, 'composite'), `composite, ${name}`)}</td>
${results.join('\n')}
<td>${picture(pictureOf(set, name, 'truth'), `truth, ${name}`)}</td></tr>`;
    });
    const head = ['composite', ...methods, 'truth'].map((word) => `<th scope="col">${escaped(word)}</th>`);
    return `<h2>${escaped(set)}</h2>
<table><thead><tr><td></td>${head.join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody></table>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Contact sheet</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'">
<style>
body { margin: 16px; background: #7c7c7c; color: #111; font: 13px system-ui, sans-serif; }
p { max-width: 60em; }
table { border-spacing: 6px; }
th { text-align: left; vertical-align: top; font-weight: 600; }
thead th, thead td { position: sticky; top: 0; background: #7c7c7c; padding: 4px 0; }
td { vertical-align: top; }
img { display: block; width: 220px; margin-bottom: 2px; }
span { font-variant-numeric: tabular-nums; }
</style></head><body>
<h1>Contact sheet</h1>
<p>Each case: the composite, what every method made of it with PSNR and MSE against the truth, and the truth.
Under a result its difference from the truth, ${AMPLIFIED} times as strong (black: none).</p>
${sections.join('\n')}
</body></html>
`;
}
