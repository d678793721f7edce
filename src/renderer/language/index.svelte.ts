import { german } from './german';
import { germanTold } from './german-told';
import { templatesOf, translated } from './told';
import type { Language } from '../state/settings.svelte';

/** The catalogue of messages: English is the key, so that code reads as what the person reads. */
const catalogues: Readonly<Record<Language, Readonly<Record<string, string>> | null>> = {
  en: null,
  de: german,
};
const told: Readonly<Record<Language, Readonly<Record<string, string>> | null>> = {
  en: null,
  de: { ...german, ...germanTold },
};
const templates = { en: [], de: templatesOf(germanTold) } as const;

export const LANGUAGES: readonly { readonly code: Language; readonly name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' },
];

let spoken = $state<Language>('en');

/** Chooses the language that {@link say} speaks. */
export function speak(language: Language): void {
  spoken = language;
}

/** The message in the person's language, `{name}` replaced by `values.name`; what has no translation stays English. */
export function say(message: string, values: Readonly<Record<string, string | number>> = {}): string {
  const text = catalogues[spoken]?.[message] ?? message;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/**
 * What code below the window said in English, with its values already in it (faults, hints, notices, the history's
 * labels), in the person's language; what has no translation stays English.
 */
export function tell(said: string): string {
  const catalogue = told[spoken];
  return (catalogue && translated(said, catalogue, templates[spoken])) ?? said;
}
