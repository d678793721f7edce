import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from './commands';
import { matches, shortcutOf, shown, type KeyPress } from './keys';

function press(key: string, code: string, modifiers = ''): KeyPress {
  return {
    key,
    code,
    ctrlKey: modifiers.includes('c'),
    metaKey: modifiers.includes('m'),
    shiftKey: modifiers.includes('s'),
    altKey: modifiers.includes('a'),
  };
}

describe('shortcuts', () => {
  it('tells shortcuts apart by their modifiers', () => {
    expect(matches(press('z', 'KeyZ', 'c'), 'Ctrl+Z')).toBe(true);
    expect(matches(press('Z', 'KeyZ', 'cs'), 'Ctrl+Z')).toBe(false);
    expect(matches(press('Z', 'KeyZ', 'cs'), 'Ctrl+Shift+Z')).toBe(true);
    expect(matches(press('z', 'KeyZ', 'm'), 'Ctrl+Z')).toBe(true);
    expect(matches(press('z', 'KeyZ'), 'Z')).toBe(true);
    expect(matches(press('z', 'KeyZ', 'ca'), 'Ctrl+Z')).toBe(false);
  });

  it('knows keys whose character changes with Shift or the layout', () => {
    expect(matches(press('}', 'BracketRight', 'cs'), 'Ctrl+Shift+]')).toBe(true);
    expect(matches(press(']', 'BracketRight', 'c'), 'Ctrl+]')).toBe(true);
    expect(matches(press('#', 'Backslash'), '\\')).toBe(true);
    expect(matches(press('+', 'Equal', 'cs'), 'Ctrl++')).toBe(true);
    expect(matches(press('+', 'NumpadAdd'), '+')).toBe(true);
    expect(matches(press('?', 'Slash', 's'), '?')).toBe(true);
    expect(matches(press(')', 'Digit0', 'c'), 'Ctrl+0')).toBe(true);
    expect(matches(press('ArrowLeft', 'ArrowLeft', 's'), 'Shift+ArrowLeft')).toBe(true);
    expect(matches(press('ArrowLeft', 'ArrowLeft', 's'), 'ArrowLeft')).toBe(false);
  });

  it('writes them as people read them', () => {
    expect(shown('Ctrl+Shift+H', false)).toBe('Ctrl+Shift+H');
    expect(shown('Ctrl+Shift+H', true)).toBe('⌘⇧H');
    expect(shown('Shift+ArrowUp', false)).toBe('Shift+↑');
    expect(shown('Ctrl+-', false)).toBe('Ctrl+−');
  });

  it('are named from the keys that were pressed, so that the same press runs them', () => {
    expect(shortcutOf(press('j', 'KeyJ', 'c'))).toBe('Ctrl+J');
    expect(shortcutOf(press('J', 'KeyJ', 'csa'))).toBe('Ctrl+Shift+Alt+J');
    expect(shortcutOf(press('j', 'KeyJ', 'm'))).toBe('Ctrl+J');
    expect(shortcutOf(press(')', 'Digit0', 'cs'))).toBe('Ctrl+Shift+0');
    expect(shortcutOf(press('?', 'Slash', 's'))).toBe('?');
    expect(shortcutOf(press('+', 'Equal', 'cs'))).toBe('Ctrl++');
    expect(shortcutOf(press('Ö', 'Semicolon', 's'))).toBe('Ö');
    expect(shortcutOf(press('F7', 'F7', 's'))).toBe('Shift+F7');
    for (const key of ['Control', 'Shift', 'Tab', 'Enter', 'Escape', 'Dead']) {
      expect(shortcutOf(press(key, key)), key).toBeNull();
    }
    expect(shortcutOf(press(' ', 'Space', 'c'))).toBeNull();
    const keys = fc.constantFrom(
      ...[...'abcxyz0159'].map((c) => [c, /\d/.test(c) ? `Digit${c}` : `Key${c.toUpperCase()}`] as const),
      ...([
        ['Z', 'KeyZ'],
        ['!', 'Digit1'],
        ['§', 'Digit3'],
        ['ß', 'Minus'],
        ['ü', 'BracketLeft'],
        ['{', 'Digit7'],
        ['#', 'Backslash'],
        ['+', 'BracketRight'],
        ['-', 'Slash'],
        ['1', 'Numpad1'],
        ['ArrowUp', 'ArrowUp'],
        ['Delete', 'Delete'],
        ['F2', 'F2'],
        ['я', 'KeyZ'],
      ] as const),
    );
    const modifiers = fc.subarray(['c', 'm', 's', 'a']).map((all) => all.join(''));
    fc.assert(
      fc.property(keys, modifiers, ([key, code], held) => {
        const pressed = press(key, code, held);
        expect(matches(pressed, shortcutOf(pressed)!)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives no two commands the same name or the same keys', () => {
    const names = commands.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const keys = commands.flatMap(({ shortcut }) => shortcut);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
