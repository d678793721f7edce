import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeImage } from '../../main/files/encode';
import { createImage, type Image, type Mask } from '../../pixels/image';
import { photograph } from './photograph';

// `npm run sample` makes resources/sample anew: every picture in it is this code's own.
const WIDTH = 1200;
const HEIGHT = 800;
const folder = join('resources', 'sample');

/** A mask as a grey picture. */
function grey(mask: Mask): Image {
  const image = createImage(mask.width, mask.height);
  mask.data.forEach((v, i) => image.data.set([v, v, v, 255], 4 * i));
  return image;
}

const README = `# The sample project

A hot-air balloon photographed at noon, pasted over a lake at evening. None of it is a photograph: \`npm run sample\`
renders the pictures (\`src/cli/sample\`), with a camera's tone curve and grain.

| file | what |
|---|---|
| \`background.jpg\` | the evening |
| \`cutout.png\` | the balloon, cut out of its noon, with a soft edge |
| \`composite.jpg\` | the one pasted over the other |
| \`mask.png\` | where the balloon is (white = foreground) |
| \`real.jpg\` | the truth: the balloon in the evening's own light |
`;

const sample = photograph(WIDTH, HEIGHT);
await mkdir(folder, { recursive: true });
const write = (name: string, image: Image) => encodeImage(join(folder, name), image, { quality: 93 });
await write('background.jpg', sample.background);
await write('cutout.png', sample.cutout);
await write('composite.jpg', sample.composite);
await write('mask.png', grey(sample.mask));
await write('real.jpg', sample.real);
await writeFile(join(folder, 'README.md'), README);
console.log(`Wrote the sample project into ${folder}.`);
