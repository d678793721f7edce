import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../contract/bridge';

/** The contract, and nothing else, for the window. It runs sandboxed: only types are imported from the project. */
const bridge: Bridge = {
  request: (name, input) => ipcRenderer.invoke('attune:request', name, input),
  on(name, listener) {
    const hear = (_event: unknown, told: string, payload: Parameters<typeof listener>[0]) => {
      if (told === name) listener(payload);
    };
    ipcRenderer.on('attune:event', hear);
    return () => ipcRenderer.off('attune:event', hear);
  },
  fileUrl: (token) => `app://attune/files/${encodeURIComponent(token)}`,
};

contextBridge.exposeInMainWorld('attune', bridge);
