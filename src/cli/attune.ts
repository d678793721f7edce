import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../pixels/fault';
import { programVersion } from '../main/place';
import { addBatchCommands } from './batch-command';
import type { AheadOptions } from './harmonize-ahead';
import { addStudyCommands } from './study-command';

/** Exit codes: the work is done; the input or the machine is at fault; the command was not understood. */
const EXIT = { done: 0, fault: 1, usage: 2, interrupted: 130 } as const;

/** A number from 0 to 1. */
function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  }
  return value;
}

/** A whole number, 0 or more. */
function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Names between commas, each once. */
function names(text: string): string[] {
  const list = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (list.length === 0) throw new InvalidArgumentError('Name one or more, with commas between.');
  return [...new Set(list)];
}

const liftOption = () =>
  new Option('--lift <way>', "how a network's picture is brought to full size")
    .choices(['guided', 'bilateral', 'bilinear'])
    .default('guided');
const deviceOption = () =>
  new Option('--device <names>', 'devices to try in order: cuda, dml, coreml, webgpu, cpu');
const jsonOption = () => new Option('--json', 'write JSON to standard output');

// Every command loads its own code: `--help` and wrong usage wait for none of it.
const program = new Command('attune')
  .description('Makes composites look as if shot in one take.')
  .version(programVersion())
  .configureHelp({ showGlobalOptions: true })
  .showSuggestionAfterError(true)
  .exitOverride()
  .configureOutput({ outputError: () => undefined });

program
  .command('harmonize')
  .description('harmonize the foreground of one composite')
  .argument('<composite>', 'the picture: PNG, JPEG, WebP, AVIF, TIFF, GIF or SVG')
  .requiredOption(
    '-m, --mask <mask>',
    'a picture of the same size: white is the foreground, soft values count',
  )
  .option(
    '-o, --output <out>',
    'where to write; its extension says the format (default: beside the composite)',
  )
  .option(
    '--method <name>',
    "a network's name, reinhard, lalonde, xue, realism or none (default: the default network)",
  )
  .addOption(new Option('--strength <number>', 'how much of the change, 0 to 1').argParser(share).default(1))
  .option('--invert', 'harmonize the background to the foreground instead')
  .option(
    '--reference <mask>',
    'agree with this part of the background only: a picture of the same size, white counts',
  )
  .addOption(liftOption())
  .addOption(deviceOption())
  .addOption(jsonOption())
  .action(async (composite: string, options: Record<string, unknown> & AheadOptions) => {
    const { beginAhead } = await import('./harmonize-ahead');
    const ahead = await beginAhead(composite, options);
    const { harmonize, harmonizeOptions } = await import('./harmonize');
    await harmonize(composite, harmonizeOptions.parse(options), ahead);
  });

program
  .command('evaluate')
  .description('measure methods on sets of cases, each a folder with composite, mask and real pictures')
  .argument('<folders...>', 'the folders of cases, a set each')
  .option('-o, --output <folder>', 'write tables and a contact sheet there; an interrupted run goes on')
  .addOption(
    new Option(
      '--methods <names>',
      'methods with commas between (default: none, the classical methods, every network)',
    ).argParser(names),
  )
  .option('--identity', 'cases have no real picture: the composite is the truth')
  .addOption(
    new Option('--sheet <number>', 'cases of each set on the contact sheet').argParser(whole).default(12),
  )
  .option('--fresh', 'measure all again, whatever an earlier run left in the output folder')
  .addOption(liftOption())
  .addOption(deviceOption())
  .addOption(jsonOption())
  .action(async (folders: string[], options: Record<string, unknown>) => {
    const { evaluate, evaluateOptions } = await import('./evaluate');
    await evaluate(folders, evaluateOptions.parse(options));
  });

addBatchCommands(program);

addStudyCommands(program);

program
  .command('models')
  .description('list the networks and check their files')
  .addOption(jsonOption())
  .action(async (options: Record<string, unknown>) => {
    const { models, modelsOptions } = await import('./models');
    await models(modelsOptions.parse(options));
  });

/** One line: what is wrong, and what to do. */
function complain(message: string, hint: string): void {
  process.stderr.write(`attune: ${[message, hint].join(' ').replace(/\s+/g, ' ').trim()}\n`);
}

/** Says what went wrong and answers the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    // Without a command, commander has written the whole help.
    if (error.code === 'commander.help') return EXIT.usage;
    const message = error.message.replace(/^error: /, '').replace(/([^.?])$/, '$1.');
    complain(message, 'See attune --help.');
    return EXIT.usage;
  }
  if (error instanceof Fault) {
    if (error.code !== 'cancelled') complain(error.message, error.hint);
    return error.code === 'usage' ? EXIT.usage : error.code === 'cancelled' ? EXIT.interrupted : EXIT.fault;
  }
  const words = error instanceof Error ? error.message : String(error);
  complain(`a fault of Attune itself: ${words}`, 'Please report it.');
  if (process.env.ATTUNE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return EXIT.fault;
}

for (const [signal, code] of [
  ['SIGINT', EXIT.interrupted],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    void import('../main/files/atomic').then(({ discardUnfinished }) => {
      discardUnfinished();
      process.exit(code);
    });
  });
}

// Whoever reads the output may stop reading (`attune … | head`).
process.stdout.on('error', () => process.exit(EXIT.done));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
