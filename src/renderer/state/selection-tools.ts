import type { Tool } from './editor.svelte';

/** The tools that select. */
export const SELECTION_TOOLS: ReadonlySet<Tool> = new Set([
  'rectangle',
  'ellipse',
  'lasso',
  'polygon',
  'wand',
  'content',
]);
