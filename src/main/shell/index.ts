import { basename, join, resolve } from 'node:path';
import { app, BrowserWindow, dialog, Menu, protocol } from 'electron';
import type { Announce } from '../../contract/bridge';
import { toServiceError } from '../../contract/errors';
import { openEngine } from '../inference/engine-client';
import { openRegistry } from '../inference/registry';
import { noBatchDesk, openBatchDesk } from '../batch-desk';
import { ChosenFolders } from '../folders';
import { openKeeping } from '../keeping';
import { fileOnDisk, OpenedFiles } from '../opened';
import { rendererFolder, samplePictures, stateFolder } from '../place';
import { openRecent } from '../recent';
import { openRecovery } from '../recovery';
import { makeServices } from '../services';
import { openStudyDesk } from '../study-desk';
import { namedFiles } from './arguments';
import { startUtilityEngine } from './engine';
import { handleChosenFiles, handleRequests } from './ipc';
import { menuTemplate } from './menu';
import { chooseByDialog, chooseFolderByDialog, saveByDialog } from './saving';
import { answerScheme, SCHEME } from './scheme';
import { fenceSession, openLink, openWindow } from './window';

/** The program as Electron runs it: one process, one window, the same services as every other host. */

const files = new OpenedFiles();
let window: BrowserWindow | null = null;
/** Whether the window has asked which files to open; later ones it has to be told of. */
let asked = false;

const announce: Announce = (name, payload) => window?.webContents.send('attune:event', name, payload);

/** Hands files to the window, or keeps them until it asks. */
async function openFiles(paths: readonly string[]): Promise<void> {
  const opened = [];
  for (const path of paths) {
    try {
      const source = await fileOnDisk(path);
      opened.push({ token: files.add(source), name: source.name });
    } catch (error) {
      dialog.showErrorBox('A file cannot be opened', toServiceError(error).message);
    }
  }
  if (opened.length > 0 && asked) announce('files.opened', { files: opened });
}

async function start(): Promise<void> {
  const registry = await openRegistry();
  await openFiles(namedFiles(process.argv, app.isPackaged).map((path) => resolve(path)));
  const engine = openEngine({
    registry,
    start: startUtilityEngine,
    onNotice: (message) => announce('engine.notice', { message }),
  });
  app.on('will-quit', () => engine.dispose());

  const folders = new ChosenFolders([], async (title) =>
    window ? chooseFolderByDialog(window, title) : null,
  );

  await app.whenReady();
  protocol.handle(SCHEME, (request) => answerScheme(request, rendererFolder(), files));
  fenceSession();
  handleRequests(
    makeServices({
      kind: 'electron',
      version: app.getVersion(),
      registry,
      engine,
      announce,
      keeping: openKeeping(stateFolder()),
      recovery: openRecovery(join(stateFolder(), 'recovery')),
      // sharp ends any Electron process on Linux (electron#46323, sharp#4522).
      ...(process.platform === 'linux'
        ? {}
        : {
            decode: async (...picture) => (await import('../files/open-picture')).decodePicture(...picture),
            convert: async (...picture) => (await import('../files/convert')).convertPicture(...picture),
          }),
      recent: openRecent(join(stateFolder(), 'recent')),
      pathOf: (token) => files.get(token)?.path,
      tokenOf: (path, name) => files.addNamed(path, name),
      sample: () => files.addOwn(samplePictures()),
      files: () => {
        asked = true;
        return files.list();
      },
      // sharp ends any Electron process on Linux (electron#46323, sharp#4522).
      batch:
        process.platform === 'linux'
          ? noBatchDesk('The desktop program does no batches on Linux.', folders)
          : openBatchDesk({
              registry,
              engine,
              announce,
              files,
              folders,
            }),
      study: openStudyDesk({ folders, files }),
      saveFile: async (name, bytes) => {
        const path = window && (await saveByDialog(window, name, bytes));
        return path === null
          ? null
          : { name: basename(path), token: await files.addNamed(path, basename(path)) };
      },
    }),
  );
  handleChosenFiles((path) => files.addNamed(path, basename(path)));
  const actions = {
    ask: (action: string) => announce('menu.action', { action }),
    open: () => {
      if (window) void chooseByDialog(window).then(openFiles);
    },
    openLink,
  };
  const kind = { mac: process.platform === 'darwin', development: !app.isPackaged };
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, kind)));
  window = openWindow();
  window.on('closed', () => (window = null));
}

protocol.registerSchemesAsPrivileged([
  {
    scheme: SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
  },
]);

if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  app.on('second-instance', (_event, argv, folder) => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
    void openFiles(namedFiles(argv, app.isPackaged).map((path) => resolve(folder, path)));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void openFiles([path]);
  });
  app.on('window-all-closed', () => app.quit());
  start().catch((error: unknown) => {
    const { message, hint } = toServiceError(error);
    dialog.showErrorBox('Attune cannot start', `${message}\n${hint}`);
    app.exit(1);
  });
} else {
  app.quit();
}
