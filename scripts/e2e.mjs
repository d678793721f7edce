import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { buildIfStale, root } from './build.mjs';

/**
 * Runs the end-to-end tests in a real Chromium: the one named in ATTUNE_CHROMIUM, Playwright's own, or one that is
 * installed; where there is none, gets one by Playwright's download or, as root on Debian, by apt-get.
 * `npm run test:e2e -- FILE…` hands its arguments to Playwright.
 */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const folders = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/snap/bin', '/opt/google/chrome'];
const macs = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const DOWNLOAD_LIMIT = 5 * 60_000;

function find() {
  const places = [
    process.env.ATTUNE_CHROMIUM,
    playwrights(),
    ...names.flatMap((name) => folders.filter(Boolean).map((folder) => join(folder, name))),
    ...macs,
  ];
  return places.find((place) => place && existsSync(place)) ?? null;
}

function playwrights() {
  try {
    return chromium.executablePath();
  } catch {
    return null;
  }
}

function run(command, args, limit) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', timeout: limit, env });
  return status === 0;
}

function obtain() {
  console.error('No Chromium was found; asking Playwright for one …');
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  if (
    run(process.execPath, [cli, 'install', 'chromium-headless-shell', 'chromium'], DOWNLOAD_LIMIT) &&
    find()
  )
    return find();
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.error('That failed; installing Debian’s chromium …');
    if (run('apt-get', ['update'], DOWNLOAD_LIMIT)) {
      run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], DOWNLOAD_LIMIT);
    }
  }
  return find();
}

if (process.env.ATTUNE_CHROMIUM && !existsSync(process.env.ATTUNE_CHROMIUM)) {
  console.error(`ATTUNE_CHROMIUM names “${process.env.ATTUNE_CHROMIUM}”, which does not exist.`);
  process.exit(1);
}
const executable = find() ?? obtain();
if (!executable) {
  console.error(
    'The end-to-end tests need a Chromium and none could be had. Install one (Debian: apt-get install chromium; ' +
      'anywhere: npx playwright install chromium), or name it in the environment variable ATTUNE_CHROMIUM.',
  );
  process.exit(1);
}
buildIfStale();
const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
const tests = spawnSync(process.execPath, [cli, 'test', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ATTUNE_CHROMIUM: executable },
});
process.exit(tests.status ?? 1);
