import { basename, join } from 'node:path';
import { app, dialog, type BrowserWindow } from 'electron';
import { writeAtomically } from '../files/atomic';

/** Asks where to save and writes there; answers its path, or null when the person thought better of it. */
export async function saveByDialog(
  window: BrowserWindow,
  name: string,
  bytes: Uint8Array,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Export',
    // A window proposes a name, never a folder.
    defaultPath: join(app.getPath('pictures'), basename(name.replaceAll('\\', '/'))),
  });
  if (canceled || !filePath) return null;
  await writeAtomically(filePath, bytes);
  return filePath;
}

/** Asks for pictures to open; answers their paths. */
export async function chooseByDialog(window: BrowserWindow): Promise<string[]> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open',
    properties: ['openFile', 'multiSelections'],
    filters: [
      {
        name: 'Pictures',
        extensions: [
          'png',
          'jpg',
          'jpeg',
          'webp',
          'avif',
          'gif',
          'bmp',
          'svg',
          'tif',
          'tiff',
          'psd',
          'psb',
          'ora',
        ],
      },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  return filePaths;
}

/** Asks for a folder; null when the person thought better of it. */
export async function chooseFolderByDialog(window: BrowserWindow, title: string): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title,
    properties: ['openDirectory', 'createDirectory'],
  });
  return filePaths[0] ?? null;
}
