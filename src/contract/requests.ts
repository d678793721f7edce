import { z } from 'zod';
import { batchEvents, batchRequests } from './batch';
import { MAX_FILE, pictureMetadata, pictureRequests } from './pictures';
import { studyRequests } from './study';

/** Floats that crossed a process: any Float32Array whose length the handler checks against the sizes beside it. */
const floats = z.instanceof(Float32Array);
const side = z.number().int().min(1).max(4096);

export const networkInfo = z.object({
  name: z.string(),
  version: z.string(),
  title: z.string(),
  kind: z.enum(['image', 'colorMap', 'transfer']),
  inputWidth: side,
  inputHeight: side,
  isDefault: z.boolean(),
});

/** A file that the person chose, named by an opaque token; its bytes are at {@link Bridge.fileUrl}. */
export const openedFile = z.object({ token: z.string(), name: z.string() });

export const appInfo = z.object({
  version: z.string(),
  /** Which host runs the window. */
  host: z.enum(['electron', 'loopback']),
  /** How an export reaches the disk: a save dialog of the host, or the browser's own download. */
  saves: z.enum(['dialog', 'download']),
  /** Whether the host decodes what browsers do not (`picture.decode`). */
  decodes: z.boolean(),
  networks: z.array(networkInfo),
  /** The network that parses scenes; null where there is none. */
  scene: z.object({ name: z.string(), inputWidth: side, inputHeight: side }).nullable(),
  /** Files named on the command line, to be opened when the window is ready. */
  files: z.array(openedFile),
  /** What the window asked to be kept by `settings.write`, or nothing. */
  settings: z.string(),
});

export const networkInput = z
  .object({
    network: z.string().min(1).max(64),
    width: side,
    height: side,
    image: floats,
    mask: floats,
  })
  .refine((v) => v.image.length === 3 * v.width * v.height, 'image must have 3·width·height values')
  .refine((v) => v.mask.length === v.width * v.height, 'mask must have width·height values');

const ran = {
  network: z.string(),
  version: z.string(),
  device: z.string(),
  fellBack: z.array(z.string()),
  ms: z.number().nonnegative(),
  data: floats,
};
const sized = { ...ran, width: side, height: side };
export const networkResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), ...sized }),
  z.object({ kind: z.literal('colorMap'), ...sized }),
  /** A classical method's change of colours. */
  z.object({
    kind: z.literal('transfer'),
    transfer: z.enum(['affine', 'lab', 'clusters', 'statistics']),
    ...ran,
  }),
]);

/** What is where in a picture: a plane of scores a label. */
export const sceneResult = z.object({ kind: z.literal('scene'), labels: z.array(z.string()), ...sized });

const pieceName = z.string().min(1).max(200);
const jobId = z.string().min(1).max(64);

/** What a window may ask of the main side: name → what goes in and what comes out. One place, both sides. */
export const requests = {
  'app.info': { input: z.object({}), output: appInfo },
  /** Runs a network; `job` names the run for `harmonize.cancel` and for progress events. */
  'harmonize.run': { input: z.object({ job: jobId, input: networkInput }), output: networkResult },
  'harmonize.cancel': { input: z.object({ job: jobId }), output: z.object({ cancelled: z.boolean() }) },
  /** Says what is where in a picture; the mask of the input is not looked at. */
  'scene.parse': { input: z.object({ input: networkInput }), output: sceneResult },
  /** Asks where to save (host with `saves: 'dialog'` only) and writes atomically. */
  'export.save': {
    input: z.object({ name: z.string().min(1).max(255), bytes: z.instanceof(Uint8Array) }),
    output: z.discriminatedUnion('saved', [
      /** `token`: the file as it lies there, to be named again. */
      z.object({ saved: z.literal(true), name: z.string(), token: z.string().nullable() }),
      z.object({ saved: z.literal(false) }),
    ]),
  },
  /** A flattened picture, as PNG, in a format that browsers do not write. Hosts that cannot refuse with what to do. */
  'export.convert': {
    input: z.object({
      png: z.instanceof(Uint8Array),
      format: z.enum(['png', 'jpeg', 'webp', 'avif', 'tiff']),
      quality: z.number().min(1).max(100),
      metadata: pictureMetadata,
    }),
    output: z.object({ bytes: z.instanceof(Uint8Array) }),
  },
  /** Unsaved work, kept between sittings: pieces of pixels by name, and a record that names them. */
  'recovery.unsaved': {
    input: z.object({}),
    output: z.object({
      unsaved: z.object({ sitting: z.string(), record: z.string(), at: z.number() }).nullable(),
    }),
  },
  'recovery.missing': {
    input: z.object({ names: z.array(pieceName) }),
    output: z.object({ missing: z.array(pieceName) }),
  },
  'recovery.put': {
    input: z.object({ name: pieceName, bytes: z.instanceof(Uint8Array) }),
    output: z.object({}),
  },
  'recovery.record': {
    input: z.object({ text: z.string(), keep: z.array(pieceName) }),
    output: z.object({}),
  },
  'recovery.clear': { input: z.object({}), output: z.object({}) },
  'recovery.piece': {
    input: z.object({ sitting: z.string().max(60), name: pieceName }),
    output: z.object({ bytes: z.instanceof(Uint8Array) }),
  },
  'recovery.forget': { input: z.object({ sitting: z.string().max(60) }), output: z.object({}) },
  /** Keeps the window's settings for the next start. */
  'settings.write': { input: z.object({ text: z.string().max(100_000) }), output: z.object({}) },
  /** The pictures of the sample project. */
  'sample.open': { input: z.object({}), output: z.object({ files: z.array(openedFile) }) },
  ...pictureRequests,
  ...batchRequests,
  ...studyRequests,
} as const;

/** The most bytes of a request: 64 MiB (a network's input has 16), and a whole file where one is handed over. */
export function mostBytes(name: RequestName): number {
  return name === 'picture.decode' || name === 'recent.keep' ? MAX_FILE + (1 << 20) : 64 << 20;
}

export type RequestName = keyof typeof requests;
export type RequestInput<K extends RequestName> = z.infer<(typeof requests)[K]['input']>;
export type RequestOutput<K extends RequestName> = z.infer<(typeof requests)[K]['output']>;
export type AppInfo = z.infer<typeof appInfo>;

/** What the main side tells a window unasked. */
export const events = {
  /** A run moved on: `queued`, `loading` (the network's file), `running`, `done`. */
  'harmonize.progress': z.object({ job: jobId, stage: z.enum(['queued', 'loading', 'running', 'done']) }),
  /** The engine process was restarted, or fell back to another device: shown to the person. */
  'engine.notice': z.object({ message: z.string() }),
  /** A menu of the host asks for an action of the editor by its name. */
  'menu.action': z.object({ action: z.string() }),
  /** The host opened files while the window was already there: its own dialog, or the program started a second time. */
  'files.opened': z.object({ files: z.array(openedFile) }),
  ...batchEvents,
} as const;

export type EventName = keyof typeof events;
export type EventPayload<K extends EventName> = z.infer<(typeof events)[K]>;
