import { InvalidArgumentError, Option, type Command } from 'commander';

/** A whole number from `least` to `most`. */
function whole(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  }
  return value;
}

const list = (text: string) =>
  [...new Set(text.split(',').map((one) => one.trim()))].filter((one) => one !== '');
const number = (flags: string, words: string, least: number, most: number, standard: number) =>
  new Option(flags, words).argParser(whole(least, most)).default(standard);
const jsonOption = () => new Option('--json', 'write JSON to standard output');

/** Adds `attune study prepare`, `merge` and `report`; their code is loaded when they run. */
export function addStudyCommands(program: Command): void {
  const study = program
    .command('study')
    .description('let people choose between results, and rank the methods (Bradley–Terry)');

  study
    .command('prepare')
    .description('make the pictures, a page for each rater, and the key')
    .argument(
      '<folders...>',
      'folders of cases, each case a folder with composite and mask; real where there is one',
    )
    .requiredOption('-o, --output <folder>', 'a new folder for the study')
    .addOption(
      new Option(
        '--methods <names>',
        'methods with commas between (default: none, the classical methods, every network)',
      ).argParser(list),
    )
    .addOption(number('--raters <number>', 'how many pages to make', 1, 1000, 5))
    .addOption(number('--pairs <number>', 'pairs on a page, at most', 1, 10_000, 60))
    .addOption(number('--sanity <number>', 'sanity pairs on a page, at most', 0, 100, 5))
    .addOption(number('--size <pixels>', 'the longer side of the pictures, at most', 64, 8192, 1024))
    .addOption(number('--seed <number>', 'decides sides and order', 0, 2 ** 31, 1))
    .addOption(
      new Option('--lift <way>', "how a network's picture is brought to full size")
        .choices(['guided', 'bilateral', 'bilinear'])
        .default('guided'),
    )
    .option('--device <names>', 'devices to try in order: cuda, dml, coreml, webgpu, cpu')
    .addOption(jsonOption())
    .action(async (folders: string[], options: Record<string, unknown>) => {
      const { prepareStudy, prepareOptions } = await import('./study');
      await prepareStudy(folders, prepareOptions.parse(options));
    });

  study
    .command('merge')
    .description('join the answers of several raters in one file')
    .argument('<ratings...>', "the raters' CSV files")
    .requiredOption('-o, --output <file>', 'the CSV file to write')
    .action(async (files: string[], options: Record<string, unknown>) => {
      const { mergeFiles, mergeOptions } = await import('./study-report');
      await mergeFiles(files, mergeOptions.parse(options));
    });

  study
    .command('report')
    .description('rank the methods by the answers')
    .argument('<study>', 'the folder of the study')
    .argument('<ratings...>', "the raters' CSV files")
    .addOption(
      new Option('--pass <share>', 'leave out who answers fewer of the sanity pairs right')
        .argParser(share)
        .default(0.8),
    )
    .addOption(number('--bootstrap <number>', 'drawings for the confidence intervals', 10, 100_000, 1000))
    .addOption(number('--seed <number>', 'decides the drawings', 0, 2 ** 31, 1))
    .option('-o, --output <file>', 'write the scores as CSV')
    .addOption(jsonOption())
    .action(async (folder: string, files: string[], options: Record<string, unknown>) => {
      const { reportStudy, reportOptions } = await import('./study-report');
      await reportStudy(folder, files, reportOptions.parse(options));
    });
}
