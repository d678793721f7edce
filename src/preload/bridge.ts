import type { IpcRenderer } from 'electron';
import type { Bridge } from '../contract/bridge';

/** What the bridge needs of Electron. */
export type Ipc = Pick<IpcRenderer, 'invoke' | 'on' | 'off'>;

/**
 * The contract over Electron's IPC, and nothing else, for the window (`window.attune`). It runs sandboxed: only types
 * are imported from the project. The window validates what is answered.
 */
export function makeBridge(ipc: Ipc): Bridge {
  return {
    request: (name, input) => ipc.invoke('attune:request', name, input),
    on(name, listener) {
      const hear = (_event: unknown, told: string, payload: Parameters<typeof listener>[0]) => {
        if (told === name) listener(payload);
      };
      ipc.on('attune:event', hear);
      return () => void ipc.off('attune:event', hear);
    },
    fileUrl: (token) => `app://attune/files/${encodeURIComponent(token)}`,
  };
}
