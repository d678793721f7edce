import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'vite';
import { buildIfStale, root } from './build.mjs';
import { kernels } from './kernels.mjs';

// `npm run bench -- ARGUMENTS`: builds the program, then bench/ into out/bench, and runs it.
// `--entry sigmas` runs the study of the lifters' parameters instead.
const args = process.argv.slice(2);
const entry = args[0] === '--entry' ? args.splice(0, 2)[1] : 'index';
buildIfStale();
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  plugins: [kernels()],
  build: {
    ssr: true,
    target: 'node20',
    minify: false,
    outDir: 'out/bench',
    rollupOptions: { input: { [entry]: join('bench', `${entry}.ts`), hand: join('bench', 'hand.ts') } },
  },
});
const { status } = spawnSync(process.execPath, [join(root, 'out', 'bench', `${entry}.js`), ...args], {
  stdio: 'inherit',
  cwd: root,
});
process.exit(status ?? 1);
