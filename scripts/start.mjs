import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale, root } from './build.mjs';

// `npm start [-- [--browser] [--no-open] [--port PORT] [--folder FOLDER]… FILE…]` opens the editor: in Electron where its binary is or
// can be had, else in a browser through the loopback host, where batches may use the folders named. What it does and why is said on standard error.

const usage = 'Usage: npm start -- [--browser] [--no-open] [--port PORT] [--folder FOLDER]… [FILE…]';
const { values, positionals } = readArguments();

function readArguments() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        browser: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        port: { type: 'string' },
        folder: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    });
    if (!parsed.values.help) return parsed;
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error.message}\n${usage}\n`);
    process.exit(2);
  }
}

const placed = (path) => resolve(process.env.INIT_CWD ?? process.cwd(), path);
const files = positionals.map(placed);
const tell = (message) => process.stderr.write(`${message}\n`);
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Where Electron's binary is, or null. */
function electronBinary() {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const binary = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name);
  return existsSync(binary) ? binary : null;
}

/** Whether the server of Electron's binaries answers within a few seconds. */
async function serverAnswers() {
  const server = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/';
  try {
    await fetch(server, { method: 'HEAD', signal: AbortSignal.timeout(4000) });
    return true;
  } catch {
    return false;
  }
}

/** Gets Electron's binary with Electron's own installer; answers whether it is there now. */
async function fetchElectron() {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(installer)) return false;
  // Without its server the installer may still find the binary in its cache, but not for long.
  const seconds = (await serverAnswers()) ? 300 : 10;
  tell(`Getting Electron’s binary (about 110 MB, once; ${seconds} seconds at most) …`);
  spawnSync(process.execPath, [installer], {
    stdio: 'ignore',
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
  });
  return electronBinary() !== null;
}

/** Why Electron cannot be used, or null when it can. */
async function obstacle() {
  if (values.browser) return '--browser was asked for';
  if (!hasDisplay) return 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)';
  if (process.platform === 'linux' && process.getuid?.() === 0) return 'its sandbox does not run as root';
  if (electronBinary() || (await fetchElectron())) return null;
  return 'its binary is not here and could not be downloaded (later: `npx install-electron`)';
}

/** Runs Electron; answers why it did not work when it ends at once with an error. */
function runElectron() {
  const started = Date.now();
  const child = spawn(electronBinary(), [root, ...files], { stdio: 'inherit' });
  return new Promise((done) => {
    child.on('error', (error) => done(error.message));
    child.on('exit', (code) => {
      if (code === 0 || Date.now() - started > 5000) process.exit(code ?? 1);
      done(`it ended at once with exit code ${code}`);
    });
  });
}

/** Opens the address in the person's browser where there is a desktop; failing is no harm, the address is printed. */
function openBrowser(address) {
  if (values['no-open'] || !hasDisplay) return;
  const [command, ...rest] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? [
    'xdg-open',
  ];
  const child = spawn(command, [...rest, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function runHost() {
  const port = values.port === undefined ? [] : ['--port', values.port];
  const folders = values.folder.flatMap((folder) => ['--folder', placed(folder)]);
  const host = spawn(
    process.execPath,
    [join(root, 'out', 'main', 'host.js'), ...port, ...folders, ...files],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  host.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    const address = /http:\S+/.exec(chunk.toString())?.[0];
    if (!address) return;
    tell('Open this address in a browser (Chromium is what Attune is tested with). Ctrl-C ends Attune.');
    openBrowser(address);
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => host.kill());
  host.on('exit', (code, signal) => process.exit(signal === 'SIGINT' ? 130 : (code ?? 1)));
}

buildIfStale();
const why = (await obstacle()) ?? (await runElectron());
tell(`Electron is not used: ${why}.`);
runHost();
