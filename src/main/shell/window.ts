import { join } from 'node:path';
import { BrowserWindow, dialog, session, shell } from 'electron';
import { programFolder } from '../place';
import { links } from './menu';
import { isOwnPage, ORIGIN } from './scheme';

/** Nothing is allowed, nothing is fetched from elsewhere, nothing is downloaded: the program works offline. */
export function fenceSession(): void {
  const own = session.defaultSession;
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.on('will-download', (event) => event.preventDefault());
  own.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !isOwnPage(url) && !/^(blob|data|devtools):/.test(url) });
  });
}

/** Opens an address in the person's own browser, when it is on the list. */
export function openLink(url: string): void {
  if (links.includes(url)) void shell.openExternal(url);
}

/** The editor's window: sandboxed, isolated, and bound to its own page. */
export function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: '#1e1e1e',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(programFolder(), 'out', 'preload', 'index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  const { webContents } = window;
  webContents.on('will-navigate', (event) => event.preventDefault());
  webContents.on('will-frame-navigate', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setWindowOpenHandler(({ url }) => {
    openLink(url);
    return { action: 'deny' };
  });
  // The page refuses to go while the document has changes; without an answer here the window would not close at all.
  webContents.on('will-prevent-unload', (event) => {
    const leave = dialog.showMessageBoxSync(window, {
      type: 'warning',
      message: 'Close without exporting?',
      detail: 'The document has changes that were not exported. Closing loses them.',
      buttons: ['Keep editing', 'Close without exporting'],
      defaultId: 0,
      cancelId: 0,
    });
    if (leave === 1) event.preventDefault();
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${ORIGIN}/`);
  return window;
}
