import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'out', '.built');
const lock = join(root, 'node_modules', '.attune-building');
const sources = [
  'src',
  'scripts/kernels.mjs',
  'electron.vite.config.ts',
  'svelte.config.js',
  'package.json',
  'package-lock.json',
];

/** The time of the newest source file, milliseconds. */
function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return /\.test\.ts$/.test(path) ? 0 : info.mtimeMs;
  return Math.max(info.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isFresh() {
  const changed = Math.max(
    ...sources
      .map((name) => join(root, name))
      .filter(existsSync)
      .map(newest),
  );
  return existsSync(stamp) && statSync(stamp).mtimeMs >= changed;
}

/** Builds `out/` unless it is newer than every source; one build at a time. Exits 1 with the builder's words when it fails. */
export function buildIfStale() {
  if (isFresh()) return;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      // Another command is building: wait for it, but not for one that died a minute ago.
      if (Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs > 60_000) rmdirSync(lock);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    if (isFresh()) return;
    process.stderr.write('Building Attune …\n');
    const started = new Date();
    const bin = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const build = spawnSync(process.execPath, [bin, 'build', '--logLevel', 'warn'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (build.status !== 0) {
      process.stderr.write(
        `${build.stdout ?? ''}${build.stderr ?? ''}\nThe build failed. Has \`npm ci\` run?\n`,
      );
      process.exit(1);
    }
    writeFileSync(stamp, '');
    utimesSync(stamp, started, started);
  } finally {
    rmdirSync(lock);
  }
}
