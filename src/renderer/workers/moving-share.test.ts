import { describe, expect, it } from 'vitest';
import type { View } from '../../compositor/render';
import { MovingShare } from './moving-share';

const place = (e = 0): View => ({
  width: 1600,
  height: 1000,
  toView: { a: 0.5, b: 0, c: 0, d: 0.5, e, f: 0 },
});

describe('the share of the resolution while something moves', () => {
  it('is all at rest, and follows the pace while the view moves', () => {
    const share = new MovingShare();
    expect(share.next(place(), 1.6, false)).toBe(1);
    for (let e = 0; e < 20; e++) share.drawn(place(e), 1, 1.6, true, 480);
    const slow = share.next(place(99), 1.6, true);
    expect(slow).toBeLessThan(0.3);
    for (let e = 0; e < 20; e++) share.drawn(place(e), slow, 0.1, true, 0.5);
    expect(share.next(place(99), 1.6, true)).toBe(1);
  });

  it('stays while layers move, whatever the first picture took, until pictures are slow again and again', () => {
    const share = new MovingShare();
    share.drawn(place(), 1, 1.6, false, 400);
    for (let i = 0; i < 5; i++) {
      expect(share.next(place(), 1.6, true)).toBe(1);
      share.drawn(place(), 1, 1.6, true, i === 0 ? 400 : 25);
    }
    share.drawn(place(), 1, 1.6, true, 90);
    expect(share.next(place(), 1.6, true)).toBe(0.5);
    share.drawn(place(), 0.5, 0.4, true, 200);
    expect(share.next(place(), 1.6, true)).toBe(0.5);
    share.drawn(place(), 1, 1.6, false, 300);
    expect(share.next(place(), 1.6, true)).toBe(1);
  });

  it('is lowered by less when several pictures in a row are a little slow', () => {
    const share = new MovingShare();
    share.drawn(place(), 1, 1.6, false, 400);
    for (const ms of [400, 35, 35, 35, 20, 35, 35, 35]) share.drawn(place(), 1, 1.6, true, ms);
    expect(share.next(place(), 1.6, true)).toBe(1);
    share.drawn(place(), 1, 1.6, true, 35);
    expect(share.next(place(), 1.6, true)).toBe(0.75);
    for (let i = 0; i < 40; i++) share.drawn(place(), 0.75, 0.9, true, 35);
    expect(share.next(place(), 1.6, true)).toBeGreaterThanOrEqual(0.2);
  });
});
