import type { PsdContainer } from './container';

/** Bytes of the version and the first 29 channels. */
const TAIL_AT = 2 + 29 * 10;
/** What Photoshop writes: 62 channels in all, and two bytes of padding. */
const SIZE = 632;
const CHANNELS = 62;

/**
 * Makes the end of every levels block what Adobe's specification says: “Lvls”, version 3, the number of channels, the
 * channels beyond the 29th. ag-psd goes on with channels there, at which stricter readers than Photoshop stop.
 */
export function completeLevels(file: Uint8Array, container: PsdContainer): void {
  const blocks = container.layers.flatMap((layer) => layer.blocks);
  for (const { key, start, end } of blocks) {
    if (key !== 'levl' || end - start !== SIZE) continue;
    const tail = new DataView(file.buffer, file.byteOffset + start + TAIL_AT, SIZE - TAIL_AT);
    ['L', 'v', 'l', 's'].forEach((c, i) => tail.setUint8(i, c.charCodeAt(0)));
    tail.setUint16(4, 3);
    tail.setUint16(6, CHANNELS);
    for (let channel = 0; channel < CHANNELS - 29; channel++) {
      [0, 255, 0, 255, 100].forEach((value, i) => tail.setUint16(8 + 10 * channel + 2 * i, value));
    }
    tail.setUint16(SIZE - TAIL_AT - 2, 0);
  }
}
