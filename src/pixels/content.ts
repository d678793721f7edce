import type { Box, Image } from './image';

const boxes = new WeakMap<Image, Box>();

/**
 * Says that every pixel of the image outside of the box is wholly transparent (an empty box: all are), so that nobody need
 * look at them. The image must not be painted on beyond it afterwards.
 */
export function noteContent(image: Image, box: Box): void {
  boxes.set(image, box);
}

/** The box outside of which every pixel is wholly transparent, where somebody has found it; else the whole image. */
export function knownContent(image: Image): Box {
  return boxes.get(image) ?? { x: 0, y: 0, width: image.width, height: image.height };
}

/** Whether {@link noteContent} was told of the image. */
export function isContentKnown(image: Image): boolean {
  return boxes.has(image);
}
