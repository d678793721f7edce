import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from '../../pixels/fault';
import { openEngine } from '../inference/engine-client';
import { openRegistry } from '../inference/registry';
import { openBatchDesk } from '../batch-desk';
import { ChosenFolders } from '../folders';
import { openKeeping } from '../keeping';
import { fileOnDisk, OpenedFiles } from '../opened';
import { programVersion, rendererFolder, samplePictures, stateFolder } from '../place';
import { openRecent } from '../recent';
import { openRecovery } from '../recovery';
import { makeServices } from '../services';
import { openStudyDesk } from '../study-desk';
import { startHost } from './server';

/**
 * `node out/main/host.js [--port PORT] [--token TOKEN] [--folder FOLDER]… [FILE…]`: the editor for a browser on this
 * machine. Batches and studies may use the folders that are named.
 */

const usage = 'Usage: host [--port PORT] [--token TOKEN] [--folder FOLDER]… [FILE…]';

function readArguments(): {
  port: number;
  token: string | undefined;
  folders: string[];
  paths: string[];
} {
  let parsed;
  try {
    parsed = parseArgs({
      options: {
        port: { type: 'string' },
        token: { type: 'string' },
        folder: { type: 'string', multiple: true },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Fault('usage', error instanceof Error ? error.message : String(error), usage);
  }
  const port = Number(parsed.values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Fault('usage', `“${parsed.values.port}” is no port.`, usage);
  }
  const { token } = parsed.values;
  if (token !== undefined && token.length < 16) {
    throw new Fault('usage', 'A token has 16 characters or more.', usage);
  }
  return { port, token, folders: parsed.values.folder ?? [], paths: parsed.positionals };
}

async function main(): Promise<void> {
  const { port, token, folders: named, paths } = readArguments();
  const folders = new ChosenFolders(named);
  const registry = await openRegistry();
  const files = new OpenedFiles();
  for (const path of paths) files.add(await fileOnDisk(path));
  const host = await startHost({
    page: rendererFolder(),
    files,
    port,
    ...(token === undefined ? {} : { token }),
    services: (announce) => {
      const engine = openEngine({
        registry,
        onNotice: (message) => announce('engine.notice', { message }),
      });
      return makeServices({
        kind: 'loopback',
        version: programVersion(),
        registry,
        engine,
        announce,
        keeping: openKeeping(stateFolder()),
        recovery: openRecovery(join(stateFolder(), 'recovery')),
        // Loaded when first asked for: sharp takes a tenth of a second.
        convert: async (...picture) => (await import('../files/convert')).convertPicture(...picture),
        decode: async (...picture) => (await import('../files/open-picture')).decodePicture(...picture),
        recent: openRecent(join(stateFolder(), 'recent')),
        pathOf: (token) => files.get(token)?.path,
        tokenOf: (path, name) => files.addNamed(path, name),
        sample: () => files.addOwn(samplePictures()),
        files: () => files.list(),
        batch: openBatchDesk({ registry, engine, announce, files, folders }),
        study: openStudyDesk({ folders, files }),
      });
    },
  });
  process.stdout.write(`Attune is at ${host.address}\n`);
}

main().catch((error: unknown) => {
  const known = error instanceof Fault ? error : null;
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const message = taken ? 'The port is taken by another program.' : String(known?.message ?? error);
  process.stderr.write(`${[message, known?.hint].filter(Boolean).join(' ')}\n`);
  process.exitCode = known?.code === 'usage' ? 2 : 1;
});
