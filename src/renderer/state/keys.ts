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
