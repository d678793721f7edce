import { defineConfig } from '@playwright/test';

const executablePath = process.env.ATTUNE_CHROMIUM;

/** End-to-end tests in a real Chromium; `scripts/e2e.mjs` finds or gets one and names it in ATTUNE_CHROMIUM. */
export default defineConfig({
  testDir: 'test/e2e',
  timeout: 120_000,
  // A busy machine opens a picture in more than the five seconds that Playwright waits by itself.
  expect: { timeout: 30_000 },
  workers: 1,
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
