import type { ServiceError } from '../../contract/errors';
import type { Prepared } from './batch';

const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** How many remarks of a kind are written out; the report has all. */
const SHOWN = 10;

/** What a batch found and will do, a line each, before it starts. */
export function describe({ options, found, plan, settled, pictures, resumed }: Prepared): string[] {
  const kinds = [
    [
      found.pictures.filter(({ kind }) => kind === 'pair').length,
      'picture with a mask',
      'pictures with masks',
    ],
    [found.pictures.filter(({ kind }) => kind === 'cutout').length, 'cut-out', 'cut-outs'],
    [found.pictures.filter(({ kind }) => kind === 'project').length, 'project', 'projects'],
  ] as const;
  const there = kinds.filter(([number]) => number > 0).map(([number, one, many]) => count(number, one, many));
  const other = found.otherFiles > 0 ? `; ${count(found.otherFiles, 'other file')}` : '';
  const earlier = settled.filter(({ state }) => state === 'earlier').length;
  const { settings } = options;
  const format = settings.format === 'keep' ? 'formats kept' : settings.format;
  const lines = [
    `Masks: ${options.masks.map((rule) => `NAME.ext with ${rule.replace('{name}', 'NAME')}.ext`).join(', ')}` +
      (options.background === null ? '.' : `; cut-outs on ${options.background}.`),
    `${options.folder}: ${there.join(', ') || 'nothing to do'} in ${count(found.folders, 'folder')}${other}.`,
    `Results: ${options.output}, named ${options.template}, ${format}` +
      (settings.size === undefined ? '' : `, ${settings.size} pixels at most`) +
      `; method ${settings.method}, strength ${settings.strength}${settings.invert ? ', inverted' : ''}.`,
    `${count(pictures.length, 'picture')} to do` +
      (earlier > 0 ? `, ${earlier} done earlier` : '') +
      (plan.skipped.length > 0 ? `, ${plan.skipped.length} there already (--existing)` : '') +
      (options.resume && !resumed ? '; there is no run to resume, so it starts afresh.' : '.'),
  ];
  const remarks = [
    ...settled.flatMap(({ error }) => (error ? [error] : [])),
    ...found.passedOver.map(({ error }) => error),
  ];
  for (const error of remarks.slice(0, SHOWN)) lines.push(errorLine(error));
  if (remarks.length > SHOWN) lines.push(`… and ${remarks.length - SHOWN} more; the report names all.`);
  return lines;
}

/** What is wrong and what to do, in one line. */
export function errorLine({ message, hint }: ServiceError): string {
  return `  ! ${[message, hint].filter(Boolean).join(' ').replace(/\s+/g, ' ')}`;
}
