import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint();

async function complaints(filePath: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath });
  return result!.messages.map((message) => message.ruleId ?? message.message);
}

const arrow = '@typescript-eslint/no-restricted-imports';

describe('the import arrows', () => {
  it.each([
    ['src/pixels/a.ts', "import '../document/records';"],
    ['src/document/a.ts', "import '../pixels/image';"],
    ['src/compositor/a.ts', "import '../harmonize/lift';"],
    ['src/harmonize/a.ts', "import '../contract/errors';"],
    ['src/contract/a.ts', "import '../main/services';"],
    ['src/harmonize/a.ts', "import 'node:fs';"],
    ['src/pixels/deep/a.ts', "import '../../compositor/render';"],
    ['src/renderer/state/a.ts', "import '../../main/files/decode';"],
    ['src/preload/a.ts', "import '../pixels/image';"],
    ['src/cli/a.ts', "import '../renderer/app';"],
    ['src/cli/a.ts', "import '../main/shell/index';"],
    ['src/main/files/a.ts', "import '../inference/registry';"],
    ['src/main/host/a.ts', "import { app } from 'electron'; app;"],
    ['src/cli/a.ts', "import sharp from 'sharp'; sharp;"],
    ['src/main/files/a.ts', "import * as ort from 'onnxruntime-node'; ort;"],
    ['src/renderer/panels/a.ts', "import { Canvas } from 'fabric'; Canvas;"],
  ])('refuse in %s: %s', async (path, text) => {
    expect(await complaints(path, text)).toContain(arrow);
  });

  it.each([
    ['src/compositor/a.ts', "import '../pixels/image';"],
    ['src/harmonize/a.ts', "import '../compositor/render';"],
    ['src/renderer/canvas/a.ts', "import { Canvas } from 'fabric'; Canvas;"],
    ['src/main/shell/a.ts', "import { app } from 'electron'; app;"],
    ['src/main/host/a.ts', "import type { App } from 'electron'; export type A = App;"],
    ['src/cli/a.ts', "import '../main/inference/registry';"],
  ])('allow in %s: %s', async (path, text) => {
    expect(await complaints(path, text)).not.toContain(arrow);
  });
});
