import type { Announce, Services } from '../contract/bridge';
import { type Reply, toServiceError } from '../contract/errors';
import type { DecodedFile } from '../contract/pictures';
import type { AppInfo } from '../contract/requests';
import type { FormatName } from '../formats/image-formats';
import type { FileMetadata } from '../formats/metadata/picture-metadata';
import { Fault } from '../pixels/fault';
import { noBatchDesk, type BatchServices } from './batch-desk';
import { ChosenFolders } from './folders';
import type { Keeping } from './keeping';
import type { Engine } from './inference/engine-client';
import { OpenedFiles } from './opened';
import type { Recent } from './recent';
import type { Recovery } from './recovery';
import type { Registry } from './inference/registry';
import { openStudyDesk, type StudyServices } from './study-desk';

/** What a host gives the services. */
export interface Host {
  readonly kind: AppInfo['host'];
  readonly version: string;
  readonly registry: Registry;
  readonly engine: Pick<Engine, 'run' | 'parse'>;
  readonly announce: Announce;
  /** Files to open that no window has heard of yet. */
  readonly files: () => AppInfo['files'];
  /** Folder jobs; left out by hosts that do none. */
  readonly batch?: BatchServices;
  /** Studies in folders; left out by hosts that have no folders. */
  readonly study?: StudyServices;
  /** What is kept between sittings. */
  readonly keeping: Keeping;
  /** Writes a PNG in another format; absent where the host has no encoders (sharp crashes Electron on Linux). */
  readonly convert?: (
    png: Uint8Array,
    format: FormatName,
    quality: number,
    metadata: FileMetadata,
  ) => Promise<Uint8Array<ArrayBuffer>>;
  /** Decodes a picture file; absent where the host has no decoders. */
  readonly decode?: (name: string, bytes: Uint8Array) => Promise<DecodedFile>;
  /** The recent files, and the ways between a file on disk and the token by which a window names it. */
  readonly recent: Recent;
  readonly pathOf: (token: string) => string | undefined;
  readonly tokenOf: (path: string, name: string) => Promise<string>;
  /** Unsaved work. */
  readonly recovery: Recovery;
  /** Lets the window read the sample's pictures. */
  readonly sample: () => Promise<AppInfo['files']>;
  /** Asks where to save and writes atomically; answers the name and token it was saved under, or null when the person thought better of it. */
  readonly saveFile?: (name: string, bytes: Uint8Array) => Promise<{ name: string; token: string } | null>;
}

/** The contract's handlers. Each answers a reply and never throws; input was validated by the host. */
export function makeServices(host: Host): Services {
  const { registry, engine, announce, saveFile, recovery } = host;
  const jobs = new Map<string, AbortController>();
  return {
    ...(host.batch ?? noBatchDesk('This program does no batches.')),
    ...(host.study ?? openStudyDesk({ folders: new ChosenFolders([]), files: new OpenedFiles() })),

    'app.info': () =>
      reply(async () => ({
        version: host.version,
        host: host.kind,
        saves: saveFile ? 'dialog' : 'download',
        decodes: host.decode !== undefined,
        networks: [...registry.methods],
        scene: registry.scene,
        files: host.files(),
        settings: await host.keeping.settings(),
      })),

    'export.convert': ({ png, format, quality, metadata }) =>
      reply(async () => {
        if (!host.convert) {
          throw new Fault(
            'unsupported',
            `Attune cannot write ${format.toUpperCase()} here.`,
            'Export as PNG.',
          );
        }
        return { bytes: await host.convert(png, format, quality, metadata) };
      }),

    'picture.decode': ({ name, bytes }) =>
      reply(async () => {
        if (host.decode) return host.decode(name, bytes);
        throw new Fault(
          'unsupported',
          `“${name}” cannot be decoded by this program.`,
          'Save it as PNG or JPEG in the program that made it, and open that.',
        );
      }),

    'recent.list': () => reply(async () => ({ files: await host.recent.list() })),
    'recent.keep': ({ name, thumbnail, token, bytes }) =>
      reply(async () => {
        if (bytes) await host.recent.keep(name, thumbnail, { bytes });
        const path = token === null ? undefined : host.pathOf(token);
        if (path !== undefined) await host.recent.keep(name, thumbnail, { path });
        return {};
      }),
    'recent.open': ({ id }) =>
      reply(async () => {
        const { path, name } = await host.recent.open(id);
        return { token: await host.tokenOf(path, name), name };
      }),
    'recent.clear': () => reply(() => host.recent.clear().then(nothing)),

    'recovery.unsaved': () => reply(async () => ({ unsaved: await recovery.unsaved() })),
    'recovery.missing': ({ names }) => reply(async () => ({ missing: await recovery.missing(names) })),
    'recovery.put': ({ name, bytes }) => reply(() => recovery.put(name, bytes).then(nothing)),
    'recovery.record': ({ text, keep }) => reply(() => recovery.record(text, keep).then(nothing)),
    'recovery.clear': () => reply(() => recovery.clear().then(nothing)),
    'recovery.piece': ({ sitting, name }) =>
      reply(async () => ({ bytes: await recovery.piece(sitting, name) })),
    'recovery.forget': ({ sitting }) => reply(() => recovery.forget(sitting).then(nothing)),

    'settings.write': ({ text }) =>
      reply(async () => {
        await host.keeping.writeSettings(text);
        return {};
      }),

    'sample.open': () => reply(async () => ({ files: await host.sample() })),

    'harmonize.run': ({ job, input }) =>
      reply(async () => {
        if (jobs.has(job)) throw new Fault('usage', `A harmonization “${job}” is already under way.`);
        const controller = new AbortController();
        jobs.set(job, controller);
        try {
          const result = await engine.run(input, controller.signal, (stage) =>
            announce('harmonize.progress', { job, stage }),
          );
          return { ...result, fellBack: [...result.fellBack], data: new Float32Array(result.data) };
        } finally {
          jobs.delete(job);
        }
      }),

    'scene.parse': ({ input }) =>
      reply(async () => {
        const result = await engine.parse(input);
        return {
          ...result,
          fellBack: [...result.fellBack],
          labels: [...result.labels],
          data: new Float32Array(result.data),
        };
      }),

    'harmonize.cancel': ({ job }) =>
      reply(async () => {
        const controller = jobs.get(job);
        controller?.abort();
        return { cancelled: controller !== undefined };
      }),

    'export.save': ({ name, bytes }) =>
      reply(async () => {
        if (!saveFile) {
          throw new Fault('usage', 'This host cannot save files.', 'Use the download of the browser.');
        }
        const saved = await saveFile(name, bytes);
        return saved === null ? { saved: false } : { saved: true, ...saved };
      }),
  };
}

const nothing = () => ({});

async function reply<T>(work: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: toServiceError(thrown) };
  }
}
