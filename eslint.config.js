import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** The rooms of the house (docs/architecture.md) and the rooms each may import. Arrows only go down. */
const core = ['pixels', 'document', 'compositor', 'harmonize', 'formats', 'metrics', 'study', 'contract'];
const mainRooms = ['inference', 'files', 'lift', 'batch', 'services', 'host', 'shell'];
const rooms = [...core, 'main', 'preload', 'renderer', 'cli', ...mainRooms];
const mayImport = {
  pixels: [],
  document: [],
  compositor: ['document', 'pixels'],
  metrics: ['pixels'],
  study: ['metrics', 'pixels'],
  harmonize: ['compositor', 'document', 'pixels'],
  formats: ['compositor', 'document', 'pixels'],
  contract: ['document', 'pixels', 'harmonize', 'formats'],
  'main/inference': ['contract', 'harmonize', 'pixels'],
  'main/files': ['contract', 'formats', 'pixels'],
  'main/lift': ['harmonize', 'pixels'],
  'main/batch': [...core, 'inference', 'files', 'lift'],
  'main/host': ['contract', 'pixels', 'services', 'files', 'inference'],
  'main/shell': ['contract', 'pixels', 'preload', 'services', 'files', 'inference'],
  preload: ['contract'],
  renderer: core,
  cli: [...core, 'main', 'inference', 'files', 'lift', 'batch'],
};

/** Libraries that live behind one folder. */
const walls = {
  electron: 'src/main/shell',
  'onnxruntime-node': 'src/main/inference',
  sharp: 'src/main/files',
  fabric: 'src/renderer/canvas',
  'ag-psd': 'src/formats',
  bullmq: 'src/main/batch',
  ioredis: 'src/main/batch',
};

/** Restricted-import options for one room: no other room but those named, no library behind another's wall. */
function arrows(room) {
  const own = room.split('/').at(-1);
  const allowed = new Set([own, ...mayImport[room]]);
  const forbidden = rooms.filter((name) => !allowed.has(name));
  const isCore = core.includes(room);
  return {
    patterns: [
      {
        regex: `^(\\.\\./)+(main/)?(${forbidden.join('|')})(/|$)`,
        message: `src/${room} may import only: ${mayImport[room].join(', ') || 'nothing of the project'}.`,
      },
      ...(isCore ? [{ regex: '^node:', message: 'The core imports no Node; take it as a parameter.' }] : []),
      ...(isCore ? [{ regex: '^svelte', message: 'The core imports no Svelte.' }] : []),
    ],
    paths: Object.entries(walls)
      .filter(([, folder]) => folder !== `src/${room}`)
      .map(([name, folder]) => ({
        name,
        message: `${name} lives only in ${folder}.`,
        allowTypeImports: true,
      })),
  };
}

const rule = '@typescript-eslint/no-restricted-imports';

export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', 'demo/', 'test-results/', 'training/'] },
  ...tseslint.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, svelteConfig } },
  },
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  ...Object.keys(mayImport).map((room) => ({
    files: [`src/${room}/**/*.{ts,svelte}`],
    ignores: ['**/*.test.ts'],
    rules: { [rule]: ['error', arrows(room)] },
  })),
  {
    // fabric's wall stands inside the renderer.
    files: ['src/renderer/canvas/**/*.{ts,svelte}'],
    rules: {
      [rule]: [
        'error',
        { ...arrows('renderer'), paths: arrows('renderer').paths.filter(({ name }) => name !== 'fabric') },
      ],
    },
  },
  { files: ['scripts/**', 'src/cli/**', 'bench/**', 'test/**'], rules: { 'no-console': 'off' } },
);
