import type { IpcRenderer } from 'electron';
import type { Bridge } from '../contract/bridge';

/** What the bridge needs of Electron. */
export type Ipc = Pick<IpcRenderer, 'invoke' | 'on' | 'off'>;

/**
 * The contract over Electron's IPC, and nothing else, for the window (`window.attune`). It runs sandboxed: only types
 * are imported from the project. The window validates what is answered.
 *
 * @param pathOf where a file lies that the person chose; empty for one that a page made.
 */
export function makeBridge(ipc: Ipc, pathOf: (file: object) => string): Bridge {
  return {
    request: (name, input) => ipc.invoke('attune:request', name, input),
    on(name, listener) {
      const hear = (_event: unknown, told: string, payload: Parameters<typeof listener>[0]) => {
        if (told === name) listener(payload);
      };
      ipc.on('attune:event', hear);
      return () => void ipc.off('attune:event', hear);
    },
    tokenOf: async (file) => {
      const path = pathOf(file);
      const token: unknown = path === '' ? null : await ipc.invoke('attune:chosen', path);
      return typeof token === 'string' ? token : null;
    },
    fileUrl: (token) => `app://attune/files/${encodeURIComponent(token)}`,
  };
}
