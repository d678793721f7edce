/** The parts of a KeyboardEvent that decide which command it means. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Where a key's character changes with Shift or the layout, its place on the keyboard counts too. */
const CODES: Readonly<Record<string, string>> = {
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Slash: '/',
  Comma: ',',
  Equal: '=',
  Minus: '-',
  NumpadAdd: '+',
  NumpadSubtract: '-',
};

function characterOf(code: string): string | null {
  const match = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code);
  return match?.[1] ?? CODES[code] ?? null;
}

/** Whether the key press is the shortcut (`Ctrl+Shift+H`, `F2`, `\`); Command counts as Ctrl. */
export function matches(press: KeyPress, shortcut: string): boolean {
  const parts = shortcut.endsWith('++') ? [...shortcut.slice(0, -2).split('+'), '+'] : shortcut.split('+');
  const key = shortcut === '+' ? '+' : parts.at(-1)!;
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  if (wants('Ctrl') !== (press.ctrlKey || press.metaKey) || wants('Alt') !== press.altKey) return false;
  const typed = press.key.length === 1 ? press.key.toUpperCase() : press.key;
  // A character typed with Shift, such as ? or +, is its own sign that Shift is held.
  if (typed === key && !/^[A-Z0-9]$/.test(key) && key.length === 1 && !wants('Shift')) return true;
  return wants('Shift') === press.shiftKey && (typed === key || characterOf(press.code) === key);
}

/** Keys that belong to the controls, the dialogs, the panning hand or to writing, and can be no command's alone. */
const REFUSED: ReadonlySet<string> = new Set(
  'Tab Enter Escape Dead Process Unidentified AltGraph CapsLock NumLock ScrollLock ContextMenu'.split(' '),
);
const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Shift', 'Alt', 'Meta']);

/** Whether only a modifier was pressed so far. */
export function isModifier({ key }: KeyPress): boolean {
  return MODIFIERS.has(key);
}

/**
 * The shortcut that a press of keys means: {@link matches} holds for the two. Null where it can be none: a modifier
 * alone, Enter, Tab, Escape, Space, keys that wait for the next one.
 */
export function shortcutOf(press: KeyPress): string | null {
  const { key, code } = press;
  if (isModifier(press) || REFUSED.has(key) || key === ' ' || code === 'Space') return null;
  const typed = key.length === 1 ? key.toUpperCase() : key;
  const place = characterOf(code);
  const isPlain = /^[A-Z0-9]$/.test(typed);
  // Digits with Shift are called by their digit; a sign of its own, such as ?, says by itself that Shift is held.
  const name = isPlain || typed.length > 1 ? typed : place && /^[A-Z0-9]$/.test(place) ? place : typed;
  const withShift = press.shiftKey && (/^[A-Z0-9]$/.test(name) || name.length > 1);
  const modifiers = [
    ...(press.ctrlKey || press.metaKey ? ['Ctrl'] : []),
    ...(withShift ? ['Shift'] : []),
    ...(press.altKey ? ['Alt'] : []),
  ];
  return [...modifiers, name].join('+');
}

/** A shortcut as a person reads it on this machine. */
export function shown(shortcut: string, mac = /Mac/.test(globalThis.navigator?.platform ?? '')): string {
  const names: Record<string, string> = {
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
    '-': '−',
  };
  const named = shortcut.replace(/Arrow\w+|Escape|-$/g, (name) => names[name] ?? name);
  if (!mac) return named;
  return named.replace('Ctrl+', '⌘').replace('Shift+', '⇧').replace('Alt+', '⌥');
}
