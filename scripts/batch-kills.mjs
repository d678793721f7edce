import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { buildIfStale, root } from './build.mjs';

// `node scripts/batch-kills.mjs [KILLS]`: kills `attune batch` (kill -9) at random moments, 30 unless told otherwise,
// resumes it each time, and compares what comes out with an uninterrupted run, byte for byte. Before each resumption no
// output may be half a file. Exit 1 when anything differs.
const kills = Number(process.argv[2] ?? 30);
const PICTURES = 16;
if (!process.env.ATTUNE_NO_BUILD) buildIfStale();
const folder = mkdtempSync(join(tmpdir(), 'attune-kills-'));
const attune = join(root, 'out', 'main', 'attune.js');

/** Outputs by name, as digests; unfinished writes (hidden folders) apart. */
function outputs(where) {
  const files = new Map();
  let unfinished = 0;
  if (!existsSync(where)) return { files, unfinished };
  for (const entry of readdirSync(where, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(where, path);
    if (/(^|\/)\.[^/]+\.tmp(\/|$)/.test(name)) {
      if (entry.isDirectory()) unfinished++;
    } else if (entry.isFile() && !/^(\.attune-batch\.jsonl|report\.(json|csv))$/.test(name)) {
      files.set(name, createHash('sha256').update(readFileSync(path)).digest('hex'));
    }
  }
  return { files, unfinished };
}

function start(...args) {
  const child = spawn(process.execPath, [attune, 'batch', join(folder, 'in'), ...args], { stdio: 'ignore' });
  return { child, ended: new Promise((resolve) => child.on('exit', resolve)) };
}

const failures = [];
try {
  for (let i = 0; i < PICTURES; i++) {
    const place = join(folder, 'in', `s${i % 3}`);
    mkdirSync(place, { recursive: true });
    const [width, height] = [300 + 40 * i, 200 + 30 * i];
    const disc = (fill, rest) =>
      Buffer.from(
        `<svg width="${width}" height="${height}"><rect width="100%" height="100%" fill="${rest}"/><circle cx="50%" cy="50%" r="20%" fill="${fill}"/></svg>`,
      );
    const kinds = ['png', 'jpg', 'webp', 'tif'];
    await sharp(disc(`hsl(${i * 40},80%,60%)`, `hsl(${i * 70},30%,40%)`))
      .removeAlpha()
      .toFile(join(place, `p${i}.${kinds[i % 4]}`));
    await sharp(disc('#fff', '#000'))
      .removeAlpha()
      .toFile(join(place, `p${i}_mask.png`));
  }
  const began = performance.now();
  if ((await start('-o', join(folder, 'whole'), '--existing', 'number').ended) !== 0) {
    throw new Error('The uninterrupted run failed.');
  }
  const whole = performance.now() - began;
  const wanted = outputs(join(folder, 'whole')).files;
  let killed = 0;
  let resumed = 0;
  let leftovers = 0;
  while (killed < kills) {
    // Now and then everything anew, so that the beginning is killed as often as the end.
    if (outputs(join(folder, 'out')).files.size >= PICTURES) {
      rmSync(join(folder, 'out'), { recursive: true });
    }
    const { child, ended } = start('-o', join(folder, 'out'), '--existing', 'number', '--resume');
    const moment = Math.random() * whole * 0.8;
    const over = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, moment, 'kill'))]);
    if (over === 'kill') {
      child.kill('SIGKILL');
      await ended;
      killed++;
    } else {
      resumed++;
    }
    const { files, unfinished } = outputs(join(folder, 'out'));
    leftovers += unfinished;
    for (const [name, digest] of files) {
      if (digest !== wanted.get(name)) failures.push(`after kill ${killed}: ${name}`);
    }
  }
  if ((await start('-o', join(folder, 'out'), '--existing', 'number', '--resume').ended) !== 0) {
    failures.push('the last run failed');
  }
  const last = outputs(join(folder, 'out'));
  for (const name of new Set([...wanted.keys(), ...last.files.keys()])) {
    if (last.files.get(name) !== wanted.get(name)) failures.push(`at the end: ${name}`);
  }
  if (last.unfinished > 0) failures.push(`${last.unfinished} unfinished writes are left at the end`);
  process.stdout.write(
    `${killed} kills, ${resumed + 1} runs to the end, ${leftovers} unfinished writes found and removed, ` +
      `${wanted.size} outputs: ${failures.length === 0 ? 'byte-identical, no half file' : failures.join('; ')}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failures.length === 0 ? 0 : 1;
