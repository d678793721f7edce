import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { kernels } from './scripts/kernels.mjs';

export default defineConfig({
  plugins: [svelte({ configFile: 'svelte.config.js' }), kernels()],
  resolve: { conditions: ['browser'] },
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 30_000,
    setupFiles: ['./scripts/seed.ts'],
  },
});
