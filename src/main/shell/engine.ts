import { utilityProcess } from 'electron';
import type { EngineProcess } from '../inference/engine-process';
import { builtFile } from '../place';

/** Starts the engine as a utility process of Electron; it ends with the program. */
export function startUtilityEngine(): EngineProcess {
  const child = utilityProcess.fork(builtFile('engine.js'), [], {
    serviceName: 'Attune engine',
    stdio: 'ignore',
  });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', (code) => listener(`exit code ${code}`)),
    kill() {
      // kill() asks politely, and a run does not listen.
      if (child.pid === undefined) child.kill();
      else process.kill(child.pid, 'SIGKILL');
    },
    hold: () => undefined,
  };
}
