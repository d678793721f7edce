import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildIfStale, root } from './build.mjs';

// `npm run -s attune -- ARGUMENTS` runs the command line from the sources, building first when they changed.
// `--build` only builds; `--entry NAME` runs another program of out/main.
const args = process.argv.slice(2);
buildIfStale();
if (args[0] !== '--build') {
  const entry = args[0] === '--entry' ? args.splice(0, 2)[1] : 'attune';
  const child = spawn(process.execPath, [join(root, 'out', 'main', `${entry}.js`), ...args], {
    stdio: 'inherit',
  });
  // The child hears Ctrl-C itself and tidies up; this process waits for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
