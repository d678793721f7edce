/** A message with places, `“{0}” is empty.`, as a pattern that finds what stands in its places. */
export interface Template {
  readonly pattern: RegExp;
  readonly text: string;
}

/** The templates among a catalogue's messages, the most specific (with the most letters of its own) first. */
export function templatesOf(catalogue: Readonly<Record<string, string>>): readonly Template[] {
  const own = (message: string) => message.replace(/\{\d\}/g, '').length;
  return Object.entries(catalogue)
    .filter(([message]) => message.includes('{0}'))
    .toSorted(([a], [b]) => own(b) - own(a))
    .map(([message, text]) => ({ pattern: patternOf(message), text }));
}

function patternOf(message: string): RegExp {
  const parts = message.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('([^]+?)')}$`);
}

/**
 * What was said in English by code that knows no languages, in that of the catalogue: as it stands there, or by a
 * template. What stands in a template's places is translated likewise. Null when neither.
 */
export function translated(
  said: string,
  catalogue: Readonly<Record<string, string>>,
  templates: readonly Template[],
): string | null {
  const whole = catalogue[said];
  if (whole !== undefined) return whole;
  for (const { pattern, text } of templates) {
    const found = pattern.exec(said);
    if (!found) continue;
    return text.replace(/\{(\d)\}/g, (_place, index: string) => {
      const value = found[Number(index) + 1] ?? '';
      return translated(value, catalogue, templates) ?? value;
    });
  }
  return null;
}
