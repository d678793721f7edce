import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_LIFT } from '../harmonize/lift';
import { decodeImage } from '../main/files/decode';
import { decodeMask } from '../main/files/decode-mask';
import { encodeImage } from '../main/files/encode';
import { harmonizePicture } from '../main/harmonizing';
import { openRegistry } from '../main/inference/registry';
import { Fault } from '../pixels/fault';
import { createImage, type Image } from '../pixels/image';
import { tell, withEngine } from './running';

// `npm run demo`: the sample project harmonized with the default network on the CPU, from file to file.
const SAMPLE = join('resources', 'sample');
const OUT = 'demo';
const GAP = 12;

/** Two pictures of one size beside each other on white. */
function sideBySide(left: Image, right: Image): Image {
  const out = createImage(left.width + GAP + right.width, left.height);
  out.data.fill(255);
  for (let y = 0; y < left.height; y++) {
    const row = (image: Image) => image.data.subarray(4 * y * image.width, 4 * (y + 1) * image.width);
    out.data.set(row(left), 4 * y * out.width);
    out.data.set(row(right), 4 * (y * out.width + left.width + GAP));
  }
  return out;
}

async function demo(): Promise<void> {
  const registry = await openRegistry();
  await withEngine(registry, 'cpu', async (harmonizer) => {
    const started = performance.now();
    const { image: before } = await decodeImage(join(SAMPLE, 'composite.jpg'));
    const mask = await decodeMask(join(SAMPLE, 'mask.png'));
    const decoded = performance.now();
    const method = registry.defaultName;
    const options = { method, strength: 1, invert: false, lift: DEFAULT_LIFT } as const;
    const after = await harmonizePicture(harmonizer, before, mask, options);
    const lifted = performance.now();
    await mkdir(OUT, { recursive: true });
    await encodeImage(join(OUT, 'before.png'), before);
    await encodeImage(join(OUT, 'after.png'), after.image);
    await encodeImage(join(OUT, 'side-by-side.png'), sideBySide(before, after.image));
    const encoded = performance.now();
    const ms = (value: number) => `${value.toFixed(0)} ms`;
    console.log(`method   ${method}
network  ${after.network ?? 'none'}
device   ${after.device}
size     ${before.width}×${before.height}
decode   ${ms(decoded - started)}
network  ${ms(after.ms.network)}  (engine start and loading: ${ms(lifted - decoded - after.ms.network - after.ms.lift)})
lift     ${ms(after.ms.lift)}
encode   ${ms(encoded - lifted)}  (three pictures)
wrote    ${OUT}/before.png, ${OUT}/after.png, ${OUT}/side-by-side.png`);
  });
}

demo().catch((error: unknown) => {
  if (!(error instanceof Fault)) throw error;
  tell(`attune: ${error.message} ${error.hint}`.trim());
  process.exitCode = 1;
});
