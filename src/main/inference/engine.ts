import { EngineWork } from './engine-work';

/**
 * The engine process: whoever waits for it may kill it, and a device that takes it down takes down nothing else. It
 * ends with its parent. `--ahead METHOD DEVICES`: a network to load at once.
 */

/** Electron's `process.parentPort`, as far as it is used here; a Node child has none. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

function parentPort(): ParentPort | null {
  return 'parentPort' in process ? (process.parentPort as ParentPort | null) : null;
}

const port = parentPort();
const work = new EngineWork((message) => {
  if (port) port.postMessage(message);
  else process.send?.(message);
});

const [flag, method = '', devices = ''] = process.argv.slice(2);
if (flag === '--ahead') work.loadAhead(method, devices);

if (port) {
  port.on('message', (event) => work.receive(event.data));
} else {
  process.on('message', (message) => work.receive(message));
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C in a terminal reaches children too; the parent decides what it means.
  process.on('SIGINT', () => undefined);
}
