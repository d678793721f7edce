import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'src', 'pixels', 'kernels', 'assembly');
const cache = join(root, 'node_modules', '.cache', 'attune-kernels');
// AS112 warns of vectors handed to JavaScript, which only happens between the module's own files.
const options =
  '--optimizeLevel 0 --runtime stub --noAssert --enable simd --use abort= --disableWarning 112'.split(' ');
const name = 'attune:kernels';

/** Small kernels are written as functions of a few vectors each; Binaryen is told to put all of them inline. */
const INLINE_UP_TO = 400;

async function compile(sources) {
  const { main } = await import('assemblyscript/asc');
  const { default: binaryen } = await import('assemblyscript/binaryen');
  const files = new Map([['module.wasm', null]]);
  const { error, stderr } = await main(['index.ts', '--outFile', 'module.wasm', ...options], {
    readFile: (file) => sources.get(file.replace(/^\.?\//, '')) ?? null,
    writeFile: (file, contents) => void files.set(file, contents),
    listFiles: () => [],
  });
  // Warnings are errors here.
  const words = stderr.toString();
  if (error || words.trim() !== '') throw new Error(`The kernels do not compile:\n${words || error.message}`);
  const module = binaryen.readBinary(files.get('module.wasm'));
  const { MutableGlobals, SIMD128, BulkMemory, BulkMemoryOpt, SignExt, NontrappingFPToInt } =
    binaryen.Features;
  module.setFeatures(MutableGlobals | SIMD128 | BulkMemory | BulkMemoryOpt | SignExt | NontrappingFPToInt);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(INLINE_UP_TO);
  module.optimize();
  if (!module.validate()) throw new Error('The optimized kernels are not valid WebAssembly.');
  return Buffer.from(module.emitBinary());
}

/** The compiled kernels; compiled only when their sources or the compiler changed. */
export async function compiledKernels() {
  const sources = new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
  const hash = createHash('sha256');
  for (const [file, text] of sources) hash.update(`${file}\0${text}\0`);
  hash.update(readFileSync(fileURLToPath(import.meta.url)));
  hash.update(readFileSync(join(root, 'node_modules', 'assemblyscript', 'package.json')));
  const kept = join(cache, `${hash.digest('hex')}.wasm`);
  try {
    return readFileSync(kept);
  } catch {
    const bytes = await compile(sources);
    mkdirSync(cache, { recursive: true });
    // Builds run side by side: a file is there whole or not at all.
    const draft = `${kept}.${process.pid}`;
    writeFileSync(draft, bytes);
    renameSync(draft, kept);
    return bytes;
  }
}

/**
 * A plugin for Vite: the module `attune:kernels` is the WebAssembly compiled from src/pixels/kernels/assembly, embedded,
 * so that Node, the window's workers and the packaged program load it alike: synchronously, from no file.
 */
export function kernels() {
  return {
    name,
    resolveId: (id) => (id === name ? `\0${name}` : null),
    async load(id) {
      if (id !== `\0${name}`) return null;
      for (const file of readdirSync(folder)) this.addWatchFile(join(folder, file));
      const bytes = await compiledKernels();
      return [
        `const text = '${bytes.toString('base64')}';`,
        'let module;',
        'export function instantiate() {',
        '  module ??= new WebAssembly.Module(bytesOf(atob(text)));',
        '  return new WebAssembly.Instance(module).exports;',
        '}',
        // A plain loop: Uint8Array.from takes ten times as long, at the start of every thread.
        'function bytesOf(latin) {',
        '  const bytes = new Uint8Array(latin.length);',
        '  for (let i = 0; i < bytes.length; i++) bytes[i] = latin.charCodeAt(i);',
        '  return bytes;',
        '}',
      ].join('\n');
    },
  };
}
