import type { MenuItemConstructorOptions } from 'electron';

/** What the menu does outside the window. */
export interface MenuActions {
  /** Asks the window for a command by its name (src/renderer/state/commands.ts). */
  readonly ask: (action: string) => void;
  /** Shows the dialog that opens files. */
  readonly open: () => void;
  readonly openLink: (url: string) => void;
}

export interface MenuKind {
  readonly mac: boolean;
  /** Shows the developer tools too. */
  readonly development: boolean;
}

/** Tsai et al., Deep Image Harmonization, CVPR 2017. */
const PAPER = 'https://arxiv.org/abs/1703.00069';

/** The only addresses that leave the program, and only into the person's own browser. */
export const links: readonly string[] = [PAPER];

/** The menu bar. Shortcuts are shown here and heard by the window, which knows what has the focus. */
export function menuTemplate(
  actions: MenuActions,
  { mac, development }: MenuKind,
): MenuItemConstructorOptions[] {
  const item = (label: string, action: string, accelerator?: string): MenuItemConstructorOptions => ({
    id: action,
    label,
    click: () => actions.ask(action),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const open: MenuItemConstructorOptions = {
    id: 'file.open',
    label: 'Open…',
    accelerator: 'CmdOrCtrl+O',
    registerAccelerator: false,
    click: actions.open,
  };
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        open,
        item('Export…', 'file.export', 'CmdOrCtrl+Shift+E'),
        item('Close document', 'file.close'),
        line,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [
        item('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
        item('Redo', 'edit.redo', 'CmdOrCtrl+Shift+Z'),
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
      ],
    },
    {
      label: 'View',
      submenu: [
        item('Zoom in', 'view.zoom-in', 'CmdOrCtrl+='),
        item('Zoom out', 'view.zoom-out', 'CmdOrCtrl+-'),
        item('Fit on screen', 'view.fit', 'CmdOrCtrl+0'),
        item('Actual size', 'view.actual', 'CmdOrCtrl+1'),
        line,
        { role: 'togglefullscreen' },
        ...(development ? [{ role: 'toggleDevTools' } as const] : []),
      ],
    },
    {
      label: 'Layer',
      submenu: [
        item('Harmonize layer', 'harmonize.set', 'CmdOrCtrl+Shift+H'),
        item('Show harmonization', 'harmonize.enabled'),
        line,
        item('Duplicate', 'layer.duplicate'),
        item('Delete', 'layer.remove'),
      ],
    },
    {
      role: 'help',
      label: 'Help',
      submenu: [
        item('Keyboard shortcuts', 'help.keys'),
        { label: 'The paper (in the browser)', click: () => actions.openLink(PAPER) },
        line,
        item('About Attune', 'help.about'),
      ],
    },
  ];
}
