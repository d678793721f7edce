import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupLayer, newDocument, pixelLayer } from '../document/new-layer';
import type { Document } from '../document/records';
import { Fault } from '../pixels/fault';
import { multiply, scaling, translation } from '../pixels/matrix';
import { type Hand, isShared, renderOnCrew } from './crew';
import { asHand, type FromHand, type ToHand } from './hand';
import { documentView, renderDocument } from './render';
import { picture, scenes, source } from './scenes-for-tests';

/** A hand on this thread that gets copies of its messages, as a thread would, and takes its time. */
function hand(delay: () => number, strips: number[] = []): Hand {
  let listener: (message: FromHand) => void = () => undefined;
  const work = asHand((message) => setTimeout(() => listener(structuredClone(message)), delay()));
  let last = Promise.resolve();
  return {
    send(message: ToHand) {
      const copy = structuredClone(message);
      // In the order they came, each a while later.
      last = last.then(() => new Promise((resolve) => setTimeout(resolve, delay()))).then(() => work(copy));
      if (message.kind === 'strip') strips.push(message.y);
    },
    hear(next) {
      listener = next;
    },
  };
}

const tall = (): Document =>
  newDocument({ width: 900, height: 1400 }, [
    pixelLayer({ id: 'a', name: 'a', pixels: 'large', width: 90, height: 70, transform: scaling(12, 21) }),
    pixelLayer({
      id: 'b',
      name: 'b',
      pixels: 'veil',
      width: 40,
      height: 30,
      blend: 'dissolve',
      opacity: 0.6,
      transform: multiply(translation(50.3, 20.7), scaling(17)),
    }),
  ]);

describe('flattening on a crew', () => {
  it('gives the picture of one thread bit for bit, whatever the number of hands and who is first', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, fc.integer({ min: 1, max: 4 }), fc.nat(3), async (scene, count, slow) => {
        const view = { width: 700, height: 900, toView: multiply(translation(0.3, -0.2), scaling(18)) };
        const hands = Array.from({ length: count }, (_, i) => hand(() => (i === slow ? 2 : 0)));
        const together = await renderOnCrew(hands, scene, source, view);
        expect(Buffer.from(together.data).equals(Buffer.from(renderDocument(scene, source, view).data))).toBe(
          true,
        );
      }),
      { numRuns: 8 },
    );
  });

  it('gives every hand its share, and only the layers that are asked for', async () => {
    const shares: number[][] = [[], []];
    const hands = shares.map((strips) => hand(() => 1, strips));
    const document = tall();
    const image = await renderOnCrew(hands, document, source, documentView(document), { layers: ['a'] });
    const alone = renderDocument(document, source, documentView(document), { layers: ['a'] });
    expect(Buffer.from(image.data).equals(Buffer.from(alone.data))).toBe(true);
    expect(shares.every((strips) => strips.length > 0)).toBe(true);
    expect(new Set(shares.flat()).size).toBe(shares.flat().length);
  });

  it('stops when it is asked to, draws no more, and draws the next picture right', async () => {
    const strips: number[] = [];
    const hands = [hand(() => 1, strips), hand(() => 1, strips)];
    const control = new AbortController();
    const document = tall();
    const drawing = renderOnCrew(hands, document, source, documentView(document), { signal: control.signal });
    const outcome = drawing.catch((thrown: unknown) => thrown);
    control.abort();
    expect(await outcome).toMatchObject({ code: 'cancelled' });
    const handedOut = strips.length;
    const again = await renderOnCrew(hands, document, source, documentView(document));
    const alone = renderDocument(document, source, documentView(document));
    expect(Buffer.from(again.data).equals(Buffer.from(alone.data))).toBe(true);
    expect(handedOut).toBeLessThan(strips.length - handedOut);
    await expect(
      renderOnCrew(hands, document, source, documentView(document), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('tells what is wrong in the words of one thread', async () => {
    const document = newDocument({ width: 50, height: 40 }, [
      pixelLayer({ id: 'a', name: 'gone', pixels: 'gone', width: 5, height: 5 }),
    ]);
    await expect(
      renderOnCrew([hand(() => 0)], document, source, documentView(document)),
    ).rejects.toMatchObject({ code: 'document', message: expect.stringContaining('“gone”') as string });
  });

  it('knows whether hands can see the pixels in place', () => {
    const own = picture(4, 4, 1);
    const shared = { ...own, data: new Uint8ClampedArray(new SharedArrayBuffer(64)) };
    const layer = pixelLayer({ id: 'a', name: 'a', pixels: 'a', width: 4, height: 4 });
    const group = groupLayer({ id: 'g', name: 'g', children: ['a'], isolated: true });
    const document = newDocument({ width: 4, height: 4 }, [layer, group], ['g']);
    expect(isShared(document, { get: () => own })).toBe(false);
    expect(isShared(document, { get: () => shared })).toBe(true);
  });
});

describe('stopping within one picture', () => {
  it('happens between two tiles', () => {
    const document = tall();
    let looks = 0;
    const signal = {
      get aborted() {
        return ++looks > 5;
      },
    };
    const view = documentView(document);
    expect(() => renderDocument(document, source, view, { signal })).toThrow(Fault);
    expect(looks).toBe(6);
  });
});
