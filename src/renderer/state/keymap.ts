import { commands, keysOf, type Command } from './commands';
import type { Editor } from './editor.svelte';
import { matches, type KeyPress } from './keys';

/** The most keys of one command. */
export const MOST_KEYS = 4;

/** The other commands that the press would run now. */
export function conflictsOf(editor: Editor, command: Command, press: KeyPress): readonly Command[] {
  return commands.filter(
    (other) => other !== command && keysOf(editor, other).some((keys) => matches(press, keys)),
  );
}

/** Gives the command these keys, and keeps nothing where they are its own. */
export function setKeys(editor: Editor, { name, shortcut }: Command, keys: readonly string[]): void {
  const different = [...new Set(keys)].slice(0, MOST_KEYS);
  const own = different.length === shortcut.length && different.every((each, i) => each === shortcut[i]);
  editor.settings.setKeys(name, own ? null : different);
}

/** Puts new keys in the place of one of the command's keys; `at` beyond the last one adds them. */
export function replaceKeys(editor: Editor, command: Command, at: number, keys: string): void {
  const now = [...keysOf(editor, command)];
  now[Math.min(at, now.length)] = keys;
  setKeys(editor, command, now);
}

/** Takes the keys of a press away from commands that have them. */
export function freeKeys(editor: Editor, from: readonly Command[], press: KeyPress): void {
  for (const command of from) {
    setKeys(
      editor,
      command,
      keysOf(editor, command).filter((keys) => !matches(press, keys)),
    );
  }
}

/** Whether the person chose other keys for the command. */
export function isChanged(editor: Editor, { name }: Command): boolean {
  return editor.settings.keys[name] !== undefined;
}

/** Gives the command its own keys again; whoever else has one of them loses it. */
export function resetKeys(editor: Editor, command: Command): void {
  const own = new Set(command.shortcut);
  for (const other of commands) {
    if (other === command || !isChanged(editor, other)) continue;
    setKeys(
      editor,
      other,
      keysOf(editor, other).filter((keys) => !own.has(keys)),
    );
  }
  editor.settings.setKeys(command.name, null);
}
