import { describe, expect, it } from 'vitest';
import { countView, NewestView } from './newest-view';

const shared = () => new Int32Array(new SharedArrayBuffer(4));

describe('drawing the newest view', () => {
  it('is stopped by a newer view, and by that alone', () => {
    const counter = shared();
    const newest = new NewestView();
    newest.follow(counter);
    const first = countView(counter);
    const signal = newest.signal(first);
    expect(signal?.aborted).toBe(false);
    countView(counter);
    expect(signal?.aborted).toBe(true);
  });

  it('is never stopped twice in a row', () => {
    const counter = shared();
    const newest = new NewestView();
    newest.follow(counter);
    const first = countView(counter);
    countView(counter);
    expect(newest.signal(first)?.aborted).toBe(true);
    newest.ended('stopped');
    expect(newest.signal(first)).toBeUndefined();
    newest.ended('drawn');
    expect(newest.signal(first)?.aborted).toBe(true);
  });

  it('goes on to the end where threads share no memory', () => {
    const newest = new NewestView();
    newest.follow(null);
    expect(countView(null)).toBe(0);
    expect(newest.signal(0)).toBeUndefined();
  });
});
