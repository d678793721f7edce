import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import type { Services } from '../../contract/bridge';
import type { Reply } from '../../contract/errors';
import { requests, type RequestName } from '../../contract/requests';
import { isOwnPage } from './scheme';

/** The one channel for requests. Only the main frame of the program's own page is heard, and only valid input. */
export function handleRequests(services: Services): void {
  ipcMain.handle('attune:request', async (event, name: unknown, input: unknown): Promise<Reply<unknown>> => {
    if (!isOwnSender(event)) return refuse('This window may not ask.');
    if (typeof name !== 'string' || !Object.hasOwn(requests, name))
      return refuse('There is no such request.');
    const known = name as RequestName;
    const parsed = requests[known].input.safeParse(input);
    if (!parsed.success) return refuse(`The request is malformed: ${parsed.error.issues[0]?.message}.`);
    const handler = services[known] as (input: unknown) => Promise<Reply<unknown>>;
    return handler(parsed.data);
  });
}

/** Files that the person chose or dropped in the window: their paths come from the preload script, never from the page. */
export function handleChosenFiles(token: (path: string) => Promise<string>): void {
  ipcMain.handle('attune:chosen', async (event, path: unknown): Promise<string | null> => {
    if (!isOwnSender(event) || typeof path !== 'string' || path === '') return null;
    return token(path).catch(() => null);
  });
}

function isOwnSender({ senderFrame, sender }: IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwnPage(senderFrame.url);
}

function refuse(message: string): Reply<never> {
  return { ok: false, error: { code: 'usage', message, hint: '' } };
}
