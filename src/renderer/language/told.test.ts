import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterEach, describe, expect, it } from 'vitest';
import { german } from './german';
import { germanTold } from './german-told';
import { speak, tell } from './index.svelte';

const sources = join(import.meta.dirname, '../..');
/** Code whose faults reach the window. Batches tell of their pictures in English, as their reports do. */
const rooms = ['pixels', 'document', 'compositor', 'formats', 'harmonize', 'renderer', 'main'];
const apart = /\.test\.ts$|for-tests|^main\/(batch|host|shell)\//;

/** The messages of a literal, of a template (`{0}` for its values), of either branch of a condition. */
function messagesOf(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    const rest = node.templateSpans.map((span, i) => `{${i}}${span.literal.text}`);
    return [node.head.text + rest.join('')];
  }
  if (ts.isConditionalExpression(node)) return [...messagesOf(node.whenTrue), ...messagesOf(node.whenFalse)];
  return [];
}

/** Where code says something to a person: which arguments of which calls, and which properties. */
const SAYING: Readonly<Record<string, (argument: number) => boolean>> = {
  Fault: (i) => i > 0,
  damaged: () => true,
  note: (i) => i === 1,
  notice: () => true,
  announce: (i) => i === 0,
  beginGesture: () => true,
};

function said(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const name = /(\w+)$/.exec(node.expression.getText())?.[1] ?? '';
      const says = Object.hasOwn(SAYING, name) ? SAYING[name] : undefined;
      node.arguments?.forEach((argument, i) => {
        if (says?.(i)) found.push(...messagesOf(argument));
      });
    } else if (ts.isPropertyAssignment(node)) {
      const name = node.name.getText();
      const isLabel = name === 'label' && file.startsWith('document/');
      const isNotice = name === 'message' && file.startsWith('formats/');
      if (isLabel || isNotice) found.push(...messagesOf(node.initializer));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

function everythingSaid(): string[] {
  return rooms.flatMap((room) =>
    readdirSync(join(sources, room), { recursive: true, encoding: 'utf8' })
      .map((file) => `${room}/${file}`)
      .filter((file) => /\.(ts|svelte)$/.test(file) && !apart.test(file))
      .flatMap((file) => {
        const text = readFileSync(join(sources, file), 'utf8');
        return said(
          file,
          file.endsWith('.svelte') ? (/<script[^>]*>([^]*?)<\/script>/.exec(text)?.[1] ?? '') : text,
        );
      }),
  );
}

/** Not said to a person, or nothing but values. */
const isWords = (message: string) =>
  /[A-Za-z]{2}/.test(message.replace(/\{\d\}/g, '')) && !/^[a-z]+\.[a-z]+$/.test(message);

afterEach(() => speak('en'));

describe('what is said below the window', () => {
  const all = [...new Set(everythingSaid())].filter(isWords);

  it('is found in the code', () => {
    expect(all.length).toBeGreaterThan(200);
    expect(all).toContain('“{0}” is empty.');
  });

  it('has German', () => {
    expect(all.filter((message) => !(message in germanTold) && !(message in german))).toEqual([]);
  });

  it('keeps its values, each once', () => {
    const places = (text: string) => (text.match(/\{\d\}/g) ?? []).toSorted();
    for (const [message, text] of Object.entries(germanTold)) {
      expect(places(text), message).toEqual(places(message));
    }
  });

  it('is told in the person’s language, values and all', () => {
    speak('de');
    expect(tell('“sofa.png” is empty.')).toBe('„sofa.png“ ist leer.');
    expect(tell('a.psd is damaged: its groups do not close.')).toBe(
      'a.psd ist beschädigt: ihre Gruppen schließen sich nicht.',
    );
    expect(tell('“a.tif” is a TIFF file, which Attune cannot open here.')).toBe(
      '„a.tif“ ist eine TIFF-Datei; das kann Attune hier nicht öffnen.',
    );
    expect(tell('Place street')).toBe('street platzieren');
    expect(tell('Nobody ever said this.')).toBe('Nobody ever said this.');
    speak('en');
    expect(tell('“sofa.png” is empty.')).toBe('“sofa.png” is empty.');
  });

  it('finds for each message its own template', () => {
    speak('de');
    for (const message of all.filter((each) => each in germanTold)) {
      const filled = message.replace(/\{(\d)\}/g, (_, i: string) => `<${i}>`);
      const expected = germanTold[message]!.replace(/\{(\d)\}/g, (_, i: string) => `<${i}>`);
      expect(tell(filled), message).toBe(expected);
    }
  });
});
