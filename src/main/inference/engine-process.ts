import { fork } from 'node:child_process';
import { builtFile } from '../place';
import type { ToEngine } from './protocol';

/** A running engine process, as its client sees it: the same for a Node child and an Electron utility process. */
export interface EngineProcess {
  send(message: ToEngine): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Told once, when the process is gone, with what is known of the reason. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
  /** Whether the caller's own process has to wait for this one before it can end. */
  hold(held: boolean): void;
}

export type StartEngineProcess = () => EngineProcess;

/** What an engine that is started ahead loads by itself: a method's network, on the devices as the user named them. */
export interface LoadAhead {
  /** The default network's when left out. */
  readonly method?: string;
  readonly devices?: string;
}

/**
 * Starts the engine's process before anybody asks for it, and has it load a network. The answer hands it out first, and
 * starts others when it has died; nobody waits for the process before that.
 */
export function forkAhead({ method = '', devices = '' }: LoadAhead): StartEngineProcess {
  let ahead: EngineProcess | null = forkEngine(builtFile('engine.js'), ['--ahead', method, devices]);
  ahead.hold(false);
  return () => {
    const ready = ahead ?? forkEngine();
    ahead = null;
    return ready;
  };
}

/**
 * As {@link forkAhead}, in this process, which the engine then blocks while it works: for a command that does nothing else
 * meanwhile, on the CPU alone. It spares the start of a process, which takes longer than a network does.
 */
export function workHere({ method = '', devices = '' }: LoadAhead): StartEngineProcess {
  let hear: (message: unknown) => void = () => undefined;
  let ended: (reason: string) => void = () => undefined;
  const work = import('./engine-work').then(({ EngineWork }) => {
    const own = new EngineWork((message) => hear(message));
    own.loadAhead(method, devices);
    return own;
  });
  // What cannot be loaded or understood ends it, as it ends a process.
  const end = (error: unknown) => ended(error instanceof Error ? error.message : String(error));
  work.catch(() => undefined);
  return () => ({
    send: (message) => void work.then((own) => own.receive(message)).catch(end),
    onMessage: (listener) => (hear = listener),
    onExit: (listener) => (ended = listener),
    kill: () => {
      hear = ended = () => undefined;
    },
    hold: () => undefined,
  });
}

/** Starts the engine as a child of Node. */
export function forkEngine(path = builtFile('engine.js'), args: readonly string[] = []): EngineProcess {
  const child = fork(path, args, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // What ONNX Runtime writes there is only of interest when the process dies.
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  return {
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      let told = false;
      const tell = (reason: string) => {
        if (!told) listener(reason);
        told = true;
      };
      child.on('error', (error) => tell(error.message));
      child.on('exit', (code, signal) => {
        const last = complaint.trim().split('\n').at(-1);
        tell((signal ? `killed by ${signal}` : `exit code ${code}`) + (last ? `: ${last}` : ''));
      });
    },
    kill() {
      child.kill('SIGKILL');
    },
    hold(held) {
      const act = held ? 'ref' : 'unref';
      child[act]();
      child.channel?.[act]();
      const stderr = child.stderr as { ref?: () => void; unref?: () => void } | null;
      stderr?.[act]?.();
    },
  };
}
