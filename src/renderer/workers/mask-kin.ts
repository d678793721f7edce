import type { PixelId } from '../../document/records';
import type { Box, Mask } from '../../pixels/image';

/** Two masks of one size that differ only inside a box. */
interface Link {
  readonly ends: readonly [PixelId, PixelId];
  readonly box: Box;
  /** The bytes of both inside the box, one exclusive-or the other: leads from either to the other. */
  readonly difference: Uint8Array;
}

/**
 * What brush strokes made of masks. The history names a mask for every stroke; of those only the present one need lie
 * whole, the others are the pieces in which they differ from it.
 */
export class MaskKin {
  #links: Link[] = [];

  /** Notes that two masks differ inside the box only. Answers the bytes that this takes. */
  link(ends: readonly [PixelId, PixelId], one: Mask, other: Mask, box: Box): number {
    const difference = new Uint8Array(box.width * box.height);
    for (let y = 0, i = 0; y < box.height; y++) {
      let at = (box.y + y) * one.width + box.x;
      for (const end = i + box.width; i < end; i++, at++) difference[i] = one.data[at]! ^ other.data[at]!;
    }
    this.#links.push({ ends, box, difference });
    return difference.length;
  }

  /** The mask, made of one that lies whole; undefined where there is no way to it. */
  restore(id: PixelId, whole: (id: PixelId) => Mask | undefined): Mask | undefined {
    const way = this.#wayFrom(id, (other) => whole(other) !== undefined);
    const start = way && whole(way.to);
    if (!start) return undefined;
    const mask = { ...start, data: start.data.slice() };
    for (const { box, difference } of way.links) {
      for (let y = 0, i = 0; y < box.height; y++) {
        let at = (box.y + y) * mask.width + box.x;
        for (const end = i + box.width; i < end; i++, at++) mask.data[at]! ^= difference[i]!;
      }
    }
    return mask;
  }

  /** Whether there is a way from the mask to another that `is` what is asked for. */
  reaches(id: PixelId, is: (id: PixelId) => boolean): boolean {
    return this.#wayFrom(id, is) !== null;
  }

  #wayFrom(id: PixelId, is: (id: PixelId) => boolean): { to: PixelId; links: readonly Link[] } | null {
    const seen = new Set([id]);
    let ways: { to: PixelId; links: readonly Link[] }[] = [{ to: id, links: [] }];
    while (ways.length > 0) {
      const found = ways.find(({ to, links }) => links.length > 0 && is(to));
      if (found) return found;
      ways = ways.flatMap(({ to, links }) =>
        this.#links.flatMap((link) => {
          const next = link.ends[0] === to ? link.ends[1] : link.ends[1] === to ? link.ends[0] : null;
          if (next === null || seen.has(next)) return [];
          seen.add(next);
          return [{ to: next, links: [...links, link] }];
        }),
      );
    }
    return null;
  }

  /** Forgets what leads only to masks that nobody needs. */
  prune(needed: ReadonlySet<PixelId>): void {
    for (;;) {
      const count = new Map<PixelId, number>();
      for (const { ends } of this.#links) for (const end of ends) count.set(end, (count.get(end) ?? 0) + 1);
      const left = this.#links.filter(({ ends }) =>
        ends.every((end) => needed.has(end) || count.get(end)! > 1),
      );
      if (left.length === this.#links.length) return;
      this.#links = left;
    }
  }
}
