import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentType, pageFile } from './page';

const root = join(sep, 'app', 'renderer');

describe('the page’s files', () => {
  it('are found by their URL', () => {
    expect(pageFile(root, '/')).toBe(join(root, 'index.html'));
    expect(pageFile(root, '/assets/a%20b.js')).toBe(join(root, 'assets', 'a b.js'));
    expect(contentType('x/INDEX.HTML')).toContain('text/html');
    expect(contentType('x.unknown')).toBe('application/octet-stream');
  });

  it.each([
    '',
    'index.html',
    '/..',
    '/../main/host.js',
    '/a/../../x',
    '/%2e%2e/x',
    '/..%2fx',
    '/..%5cx',
    '/%00',
    '/%zz',
    '/.',
  ])('are not looked for at %j', (path) => expect(pageFile(root, path)).toBeNull());

  it('lie in their folder whatever the path', () => {
    const piece = fc.constantFrom('..', '.', '', 'a', '%2e%2e', '%2f', '%5c', 'C:', '~', '…');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const file = pageFile(root, `/${pieces.join('/')}`);
        expect(file === null || file.startsWith(root + sep)).toBe(true);
      }),
    );
  });
});
