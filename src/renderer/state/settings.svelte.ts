import { z } from 'zod';

const settingsRecord = z.object({
  theme: z.enum(['dark', 'light']),
  language: z.enum(['en', 'de']),
  /** Shortcuts that the person chose, by the command's name; the rest are the commands' own. */
  keys: z.record(z.string(), z.array(z.string().max(40)).max(4)),
  /** Whether layers snap to edges and middles. */
  snap: z.boolean(),
  /** Whether lines part the pixels when they are shown large. */
  pixelGrid: z.boolean(),
});
type SettingsRecord = z.infer<typeof settingsRecord>;
export type Theme = SettingsRecord['theme'];
export type Language = SettingsRecord['language'];

const FIRST: SettingsRecord = { theme: 'dark', language: 'en', keys: {}, snap: true, pixelGrid: true };

/** What the person set up for good. The host keeps it between sittings: a browser's own storage belongs to a port. */
export class Settings {
  #now = $state.raw<SettingsRecord>(FIRST);
  readonly #write: (text: string) => void;

  /** `write` hands every change to whoever keeps it. */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Takes over what was kept; what cannot be understood counts as never set. */
  load(text: string): void {
    try {
      const parsed = settingsRecord.partial().safeParse(JSON.parse(text || '{}'));
      if (parsed.success) this.#now = { ...FIRST, ...parsed.data };
    } catch {
      // A damaged file of settings: the first settings serve.
    }
  }

  get theme(): Theme {
    return this.#now.theme;
  }
  set theme(theme: Theme) {
    this.#keep({ theme });
  }

  get language(): Language {
    return this.#now.language;
  }
  set language(language: Language) {
    this.#keep({ language });
  }

  get snap(): boolean {
    return this.#now.snap;
  }
  set snap(snap: boolean) {
    this.#keep({ snap });
  }

  get pixelGrid(): boolean {
    return this.#now.pixelGrid;
  }
  set pixelGrid(pixelGrid: boolean) {
    this.#keep({ pixelGrid });
  }

  get keys(): Readonly<Record<string, readonly string[]>> {
    return this.#now.keys;
  }

  /** Gives a command other keys; null gives it its own again. */
  setKeys(command: string, keys: string[] | null): void {
    const others = Object.fromEntries(Object.entries(this.#now.keys).filter(([name]) => name !== command));
    this.#keep({ keys: keys ? { ...others, [command]: keys } : others });
  }

  /** Gives every command its own keys again. */
  resetKeys(): void {
    this.#keep({ keys: {} });
  }

  #keep(change: Partial<SettingsRecord>): void {
    this.#now = { ...this.#now, ...change };
    this.#write(JSON.stringify(this.#now));
  }
}
