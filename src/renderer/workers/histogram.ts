import type { PixelSource } from '../../compositor/pixel-store';
import { renderDocument } from '../../compositor/render';
import { layersUpTo } from '../../document/placement';
import type { Document, LayerId } from '../../document/records';
import { scaling } from '../../pixels/matrix';

/** Longest side of the picture that is counted: enough for the shape of a histogram. */
const SIDE = 512;

/** Counts of the values 0..255 of what lies under the layer: red, green, blue, then luma (Rec. 601), 256 each. */
export function histogramUnder(document: Document, id: LayerId, source: PixelSource): Uint32Array {
  const scale = Math.min(1, SIDE / Math.max(document.width, document.height));
  const width = Math.max(1, Math.round(document.width * scale));
  const height = Math.max(1, Math.round(document.height * scale));
  const layers = layersUpTo(document, id).filter((each) => each !== id);
  const toView = scaling(width / document.width, height / document.height);
  const { data } = renderDocument(document, source, { width, height, toView }, { layers });
  const counts = new Uint32Array(1024);
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 0) continue;
    const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
    counts[r]! += 1;
    counts[256 + g]! += 1;
    counts[512 + b]! += 1;
    counts[768 + Math.round((299 * r + 587 * g + 114 * b) / 1000)]! += 1;
  }
  return counts;
}
