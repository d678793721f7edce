import { beforeEach, describe, expect, it } from 'vitest';
import type { WindowBridge } from '../bridge';
import type { Studio } from '../workers/studio';
import { commands, keysOf } from './commands';
import { Editor } from './editor.svelte';
import { conflictsOf, freeKeys, isChanged, replaceKeys, resetKeys, setKeys } from './keymap';
import { Settings } from './settings.svelte';

let editor: Editor;
let written: string[];
const named = (name: string) => commands.find((each) => each.name === name)!;
const [undo, redo, duplicate] = [named('edit.undo'), named('edit.redo'), named('layer.via-copy')];
const ctrlJ = { key: 'j', code: 'KeyJ', ctrlKey: true, metaKey: false, shiftKey: false, altKey: false };

beforeEach(() => {
  written = [];
  const bridge = {
    request: async (_name: string, { text }: { text: string }) => {
      written.push(text);
      return { ok: true, value: {} };
    },
  };
  editor = new Editor(bridge as unknown as WindowBridge, {} as Studio);
});

describe('the keys of commands', () => {
  it('are changed one by one, added, and kept', () => {
    replaceKeys(editor, redo, 1, 'Ctrl+Alt+Z');
    expect(keysOf(editor, redo)).toEqual(['Ctrl+Shift+Z', 'Ctrl+Alt+Z']);
    replaceKeys(editor, redo, 9, 'F5');
    expect(keysOf(editor, redo)).toEqual(['Ctrl+Shift+Z', 'Ctrl+Alt+Z', 'F5']);
    const next = new Settings(() => undefined);
    next.load(written.at(-1)!);
    expect(next.keys).toEqual({ 'edit.redo': ['Ctrl+Shift+Z', 'Ctrl+Alt+Z', 'F5'] });
  });

  it('tell of the commands that have them already, and are taken from those', () => {
    expect(conflictsOf(editor, undo, ctrlJ)).toEqual([duplicate]);
    expect(conflictsOf(editor, duplicate, ctrlJ)).toEqual([]);
    freeKeys(editor, [duplicate], ctrlJ);
    replaceKeys(editor, undo, 0, 'Ctrl+J');
    expect([keysOf(editor, undo), keysOf(editor, duplicate)]).toEqual([['Ctrl+J'], []]);
    expect(conflictsOf(editor, duplicate, ctrlJ)).toEqual([undo]);
  });

  it('are their own again, one by one or all, and nobody else’s then', () => {
    freeKeys(editor, [duplicate], ctrlJ);
    setKeys(editor, undo, ['F6', 'Ctrl+J']);
    resetKeys(editor, duplicate);
    expect([keysOf(editor, undo), keysOf(editor, duplicate)]).toEqual([['F6'], ['Ctrl+J']]);
    expect([isChanged(editor, undo), isChanged(editor, duplicate)]).toEqual([true, false]);
    setKeys(editor, undo, ['Ctrl+Z']);
    expect(isChanged(editor, undo)).toBe(false);
    setKeys(editor, redo, []);
    editor.settings.resetKeys();
    expect(commands.filter((each) => isChanged(editor, each))).toEqual([]);
  });

  it('are at most four and each once', () => {
    setKeys(editor, undo, ['F1', 'F2', 'F2', 'F3', 'F4', 'F5']);
    expect(keysOf(editor, undo)).toEqual(['F1', 'F2', 'F3', 'F4']);
  });
});
