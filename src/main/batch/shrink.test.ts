import { describe, expect, it } from 'vitest';
import { createImage } from '../../pixels/image';
import { shrink } from './shrink';

describe('making results smaller', () => {
  it('keeps smaller pictures as they are and the aspect of larger ones', () => {
    const image = createImage(300, 200);
    expect(shrink(image, 300)).toBe(image);
    expect(shrink(image, 150)).toMatchObject({ width: 150, height: 100 });
    expect(shrink(createImage(1000, 1), 10)).toMatchObject({ width: 10, height: 1 });
  });

  it('averages colours by alpha: what is transparent does not bleed', () => {
    const image = createImage(4, 2);
    for (let i = 0; i < 8; i++) image.data.set(i % 2 === 0 ? [200, 100, 50, 255] : [0, 0, 0, 0], 4 * i);
    const small = shrink(image, 2);
    expect([...small.data]).toEqual([200, 100, 50, 128, 200, 100, 50, 128]);
  });
});
