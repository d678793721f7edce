import type { ProjectFormat } from './project';

/** The kinds of projects that a batch reads. */
export const projectFormats: readonly ProjectFormat[] = [];
