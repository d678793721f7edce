import { getContext, setContext } from 'svelte';
import type { Editor } from './editor.svelte';

const key = Symbol('editor');

/** Hands the editor to every component below. */
export function provideEditor(editor: Editor): Editor {
  return setContext(key, editor);
}

/** The editor of this window. */
export function useEditor(): Editor {
  return getContext<Editor>(key);
}
