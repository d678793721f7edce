import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { makeBridge } from '../../preload/bridge';

// The preload script's entry, built to out/preload/index.cjs; it stands here because only this folder imports electron.
contextBridge.exposeInMainWorld(
  'attune',
  makeBridge(ipcRenderer, (file) => webUtils.getPathForFile(file as File)),
);
