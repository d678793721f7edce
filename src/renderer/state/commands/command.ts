import type { Action, IconName } from '../../../document/action';
import type { Layer } from '../../../document/records';
import type { Editor } from '../editor.svelte';

/** A command of the editor, as buttons, menus, keys and the palette run it. Commands of the document wrap its actions. */
export interface Command {
  readonly name: string;
  /** English; shown through the catalogue. */
  readonly label: string;
  readonly icon: IconName;
  /** Its own keys; the person may have chosen others (see {@link keysOf}). */
  readonly shortcut: readonly string[];
  readonly enabled: (editor: Editor) => boolean;
  readonly run: (editor: Editor) => void;
  /** For commands that are on or off. */
  readonly checked?: (editor: Editor) => boolean;
}

export const hasDocument = (editor: Editor) => editor.document !== null;
export const hasLayer = (editor: Editor) => editor.selected !== null;
export const always = () => true;

export function command(
  name: string,
  label: string,
  icon: IconName,
  shortcut: readonly string[],
  enabled: Command['enabled'],
  run: Command['run'],
  checked?: Command['checked'],
): Command {
  return { name, label, icon, shortcut, enabled, run, ...(checked ? { checked } : {}) };
}

/** A command that runs a document action on every chosen layer (a group once, not its layers too), as one step. */
export function onLayers<Args>(
  action: Action<Args>,
  args: (layer: Layer, editor: Editor) => Args,
  more: {
    label?: string;
    checked?: (layer: Layer) => boolean;
    after?: (editor: Editor, args: readonly Args[]) => void;
  } = {},
): Command {
  const { checked, after, label = action.label } = more;
  return {
    name: action.name,
    label,
    icon: action.icon,
    shortcut: action.shortcut,
    enabled: (editor) => editor.document !== null && action.enabled(editor.document, editor.session),
    run: (editor) => {
      const given = editor.chosen.map((layer) => args(layer, editor));
      editor.performEach(action, given, label);
      after?.(editor, given);
    },
    ...(checked ? { checked: (editor: Editor) => editor.selected !== null && checked(editor.selected) } : {}),
  };
}

export const idOf = (layer: Layer) => ({ id: layer.id });

/** The keys that run the command in this window. */
export function keysOf(editor: Editor, { name, shortcut }: Command): readonly string[] {
  return editor.settings.keys[name] ?? shortcut;
}

/** Runs the command unless it is disabled; tells of anything it throws. */
export function runCommand(editor: Editor, chosen: Command): void {
  if (!chosen.enabled(editor)) return;
  try {
    chosen.run(editor);
  } catch (thrown) {
    editor.messages.fault(thrown);
  }
}
