import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { makeBridge, type Ipc } from './bridge';

class FakeIpc extends EventEmitter {
  readonly asked: unknown[][] = [];
  invoke(...values: unknown[]): Promise<unknown> {
    this.asked.push(values);
    return Promise.resolve({ ok: true, value: { cancelled: true } });
  }
}

/** The listeners hear what Electron would hand them; only the event object is missing. */
const bridgeOver = (ipc: FakeIpc) =>
  makeBridge(ipc as unknown as Ipc, (file) =>
    file instanceof Blob && file.size > 0 ? '/home/ada/a.png' : '',
  );

describe('the bridge of the Electron window', () => {
  it('sends a request with its name and answers the reply', async () => {
    const ipc = new FakeIpc();
    const reply = await bridgeOver(ipc).request('harmonize.cancel', { job: 'a' });
    expect(ipc.asked).toEqual([['attune:request', 'harmonize.cancel', { job: 'a' }]]);
    expect(reply).toEqual({ ok: true, value: { cancelled: true } });
  });

  it('tells of the event that was asked for, until asked to stop', () => {
    const ipc = new FakeIpc();
    const heard: unknown[] = [];
    const stop = bridgeOver(ipc).on('engine.notice', (payload) => heard.push(payload));
    ipc.emit('attune:event', {}, 'engine.notice', { message: 'one' });
    ipc.emit('attune:event', {}, 'menu.action', { action: 'edit.undo' });
    stop();
    ipc.emit('attune:event', {}, 'engine.notice', { message: 'two' });
    expect(heard).toEqual([{ message: 'one' }]);
    expect(ipc.listenerCount('attune:event')).toBe(0);
  });

  it('asks for the token of a file that lies on disk, and for none of one that a page made', async () => {
    const ipc = new FakeIpc();
    expect(await bridgeOver(ipc).tokenOf?.(new Blob([]))).toBeNull();
    expect(ipc.asked).toEqual([]);
    expect(await bridgeOver(ipc).tokenOf?.(new Blob(['a']))).toBeNull();
    expect(ipc.asked).toEqual([['attune:chosen', '/home/ada/a.png']]);
  });

  it('cannot be made to name another address than a file’s', () => {
    expect(bridgeOver(new FakeIpc()).fileUrl('../index.html')).toBe('app://attune/files/..%2Findex.html');
  });
});
