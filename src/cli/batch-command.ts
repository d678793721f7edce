import { InvalidArgumentError, Option, type Command } from 'commander';

/** A whole number from `least` to `most`. */
function whole(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || text.trim() === '' || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

const list = (text: string) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** A number from 0 to 1. */
function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  }
  return value;
}

const jobsOption = () =>
  new Option(
    '--jobs <number>',
    'pictures in the works at the same time (default: one more than cores)',
  ).argParser(whole(1, 64));
const memoryOption = () =>
  new Option(
    '--memory <MiB>',
    'memory that the pictures in the works may need together (default: 768)',
  ).argParser(whole(16, 1 << 20));
const deviceOption = () =>
  new Option('--device <names>', 'devices to try in order: cuda, dml, coreml, webgpu, cpu');

/** Adds `attune batch` and `attune worker`; their code is loaded when they run. */
export function addBatchCommands(program: Command): void {
  program
    .command('batch')
    .description('harmonize a folder of pictures with masks, cut-outs or projects')
    .argument('<folder>', 'the folder; folders in it are done too')
    .requiredOption('-o, --output <folder>', 'where the results go, folders mirrored')
    .addOption(
      new Option(
        '--masks <rules>',
        "where a picture's mask is, with commas between (default: {name}_mask,{name}-mask,masks/{name})",
      ).argParser(list),
    )
    .option('--background <picture>', 'lay pictures with alpha and without a mask on this background')
    .option('--layer <glob>', 'projects: the layer to harmonize (default: the top visible pixel layer)')
    .option('--flatten', 'save projects as one picture')
    .option('--name <template>', 'names of the results', '{name}-{method}')
    .addOption(
      new Option('--existing <what>', 'results that are there already')
        .choices(['overwrite', 'skip', 'number'])
        .default('skip'),
    )
    .addOption(
      new Option('--format <name>', "format of the results (keep: the picture's own)")
        .choices(['keep', 'png', 'jpeg', 'webp', 'avif', 'tiff'])
        .default('keep'),
    )
    .addOption(new Option('--quality <number>', 'JPEG, WebP, AVIF: 1 to 100').argParser(whole(1, 100)))
    .option('--lossless', 'WebP, AVIF: every pixel exactly')
    .addOption(
      new Option('--size <pixels>', 'the longest side of the results at most').argParser(whole(1, 65535)),
    )
    .option('--method <name>', "a network's name, or none (default: the default network; see attune models)")
    .addOption(
      new Option('--strength <number>', 'how much of the change, 0 to 1').argParser(share).default(1),
    )
    .option('--invert', 'harmonize the backgrounds to the foregrounds instead')
    .addOption(
      new Option('--lift <way>', "how a network's picture is brought to full size")
        .choices(['guided', 'bilateral', 'bilinear'])
        .default('guided'),
    )
    .addOption(deviceOption())
    .addOption(jobsOption())
    .addOption(memoryOption())
    .option('--resume', 'go on with an interrupted batch of the same options')
    .option('--watch', 'keep following the folder until Ctrl-C')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--queue <url>', 'let workers on any machines do it, through Redis: redis://HOST[:PORT]')
    .option('--send', 'with --queue: the pictures travel through Redis, the workers need not see the folders')
    .addOption(new Option('--json', 'write JSON to standard output'))
    .action(async (folder: string, options: Record<string, unknown>) => {
      const { batch, batchOptions } = await import('./batch');
      await batch(folder, batchOptions.parse(options));
    });

  program
    .command('worker')
    .description('do the pictures of attune batch --queue until Ctrl-C')
    .requiredOption('--queue <url>', 'the Redis of the batch: redis://HOST[:PORT]')
    .option('--map <from=to>', 'a folder that has another name on this machine; may be repeated', collect, [])
    .addOption(
      new Option('--lease <seconds>', 'a worker that is silent for so long counts as dead')
        .argParser(whole(1, 3600))
        .default(30),
    )
    .addOption(deviceOption())
    .addOption(jobsOption())
    .addOption(memoryOption())
    .action(async (options: Record<string, unknown>) => {
      const { worker, workerOptions } = await import('./worker');
      await worker(workerOptions.parse(options));
    });
}

function collect(text: string, before: readonly string[]): string[] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('Write FROM=TO.');
  return [...before, text];
}
