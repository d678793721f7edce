import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BLEND_MODES } from '../../document/blend-mode';
import { commands, menus } from '../state/commands';
import { STAGES } from '../state/inferring';
import { german } from './german';
import { say, speak } from './index.svelte';

const room = join(import.meta.dirname, '..');

/** Every message that a component hands to `say` as it stands there. */
function messagesInCode(): string[] {
  const files = readdirSync(room, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /\.(svelte|ts)$/.test(file) && !/\.test\.ts$/.test(file));
  return sources.flatMap((file) => {
    const text = readFileSync(join(room, file), 'utf8');
    return [...text.matchAll(/\bsay\(\s*'((?:[^'\\]|\\.)+)'/g)].map(([, message]) =>
      message!.replaceAll('\\\\', '\\').replaceAll("\\'", "'"),
    );
  });
}

const needed = new Set([
  ...messagesInCode(),
  ...commands.filter(({ name }) => !name.startsWith('layer.nudge-')).map(({ label }) => label),
  ...menus.map(({ label }) => label),
  ...Object.values(STAGES),
  ...BLEND_MODES.map((mode) => mode.replace(/(^| )[a-z]/g, (letter) => letter.toUpperCase())),
]);

describe('the German catalogue', () => {
  it('has every message of the window', () => {
    expect([...needed].filter((message) => !german[message])).toEqual([]);
  });

  it('keeps the places for values', () => {
    const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();
    for (const [message, text] of Object.entries(german))
      expect(places(text), message).toEqual(places(message));
  });

  it('is spoken when it is chosen, and English otherwise', () => {
    speak('de');
    expect(say('Show {name}', { name: 'Sofa' })).toBe('Sofa einblenden');
    speak('en');
    expect(say('Show {name}', { name: 'sofa' })).toBe('Show sofa');
  });
});
