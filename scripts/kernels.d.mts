import type { Plugin } from 'vite';

export declare function compiledKernels(): Promise<Buffer>;
export declare function kernels(): Plugin;
