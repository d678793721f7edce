import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { join } from 'node:path';

const run = promisify(execFile);
const LIMIT = { maxBuffer: 1 << 26, timeout: 280_000 };

/** A file to open, and where the picture of it goes as PNG. */
export interface Job {
  readonly file: string;
  readonly picture: string;
}

/** A program nobody here wrote that opens layered files. */
export interface Program {
  readonly name: string;
  /** What of the file it shows: its own flattening of the layers, or the flattened picture that the file carries. */
  readonly shows: 'layers' | 'picture';
  readonly formats: readonly ('psd' | 'ora')[];
  readonly slow: boolean;
  /** The version, or null when it is not on this machine. */
  version(): string | null;
  /** Flattens every job's file into its picture; what it cannot open is left out. */
  flatten(jobs: readonly Job[], folder: string): Promise<void>;
}

function versionOf(command: string, ...args: string[]): string | null {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? (/\d+\.\d+(\.\d+)*(-\d+)?/.exec(stdout)?.[0] ?? 'unknown') : null;
}

/** Debian's ImageMagick 6; not whatever stands before it in the path. */
const CONVERT = '/usr/bin/convert';
const imageMagick: Program = {
  name: 'ImageMagick',
  slow: false,
  shows: 'picture',
  formats: ['psd'],
  version: () => (existsSync(CONVERT) ? versionOf(CONVERT, '-version') : null),
  flatten: async (jobs) => {
    for (const { file, picture } of jobs) {
      await run(CONVERT, [`${file}[0]`, '-depth', '8', `PNG32:${picture}`], LIMIT).catch(() => null);
    }
  },
};

const gimp: Program = {
  name: 'GIMP',
  slow: true,
  shows: 'layers',
  // Debian's has no plug-in for OpenRaster: it was written for Python 2.
  formats: ['psd'],
  version: () => versionOf('gimp', '--version'),
  flatten: (jobs, folder) =>
    runGimp(
      jobs.map(({ file, picture }) => [
        `(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "${file}" "${file}"))))`,
        `  (let ((layer (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))))`,
        '    (gimp-layer-resize-to-image-size layer)',
        `    (file-png-save-defaults RUN-NONINTERACTIVE image layer "${picture}" "${picture}")))`,
      ]),
      folder,
    ),
};

/** Runs pieces of Script-Fu, twenty in one GIMP; a piece that fails does not stop the others. */
export async function runGimp(pieces: readonly (readonly string[])[], folder: string): Promise<void> {
  for (let from = 0; from < pieces.length; from += 20) {
    const script = join(folder, `pieces${from}.scm`);
    const some = pieces.slice(from, from + 20);
    await writeFile(
      script,
      some.map((lines) => `(catch (gimp-message "failed")\n${lines.join('\n')})`).join('\n'),
    );
    const batch = ['-b', `(load "${script}")`, '-b', '(gimp-quit 1)'];
    await run('gimp', ['-i', '-d', '-f', '-s', ...batch], LIMIT).catch(() => null);
  }
}

/** Krita wants a display, be it one that nobody sees. */
const KRITA = process.env.DISPLAY ? ['krita'] : ['xvfb-run', '-a', 'krita'];

const krita: Program = {
  name: 'Krita',
  slow: true,
  shows: 'layers',
  formats: ['psd', 'ora'],
  version: () => versionOf(KRITA[0]!, ...KRITA.slice(1), '--version'),
  flatten: async (jobs) => {
    for (const { file, picture } of jobs) await runKrita(file, picture);
  },
};

/** Has Krita open a file and save it as another, of whatever format the name asks for. */
export async function runKrita(from: string, to: string): Promise<void> {
  const [command, ...first] = KRITA;
  await run(command!, [...first, '--export', '--export-filename', to, from], LIMIT).catch(() => null);
}

/** A Python with psd-tools; `ATTUNE_PSD_TOOLS` names it, for Debian has no package of it. */
const PYTHON = process.env.ATTUNE_PSD_TOOLS ?? 'python3';
const psdTools: Program = {
  name: 'psd-tools',
  slow: false,
  shows: 'layers',
  formats: ['psd'],
  version: () => versionOf(PYTHON, '-c', 'import psd_tools.composite; print(psd_tools.__version__)'),
  flatten: async (jobs) => {
    const script = [
      'import sys',
      'from psd_tools import PSDImage',
      'for file, picture in zip(sys.argv[1::2], sys.argv[2::2]):',
      '    try: PSDImage.open(file).composite(ignore_preview=True, force=True).convert("RGBA").save(picture)',
      '    except Exception as error: print(file, error)',
    ].join('\n');
    await run(PYTHON, ['-c', script, ...jobs.flatMap(({ file, picture }) => [file, picture])], LIMIT).catch(
      () => null,
    );
  },
};

export const programs: readonly Program[] = [imageMagick, gimp, krita, psdTools];
