import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../contract/errors';
import type { AppInfo, EventPayload, RequestOutput } from '../../contract/requests';
import { nudgeLayer, removeLayer } from '../../document/layer-actions';
import { setSelection } from '../../document/selection-actions';
import { setOpacity } from '../../document/look-actions';
import { Fault } from '../../pixels/fault';
import type { WindowBridge } from '../bridge';
import type { StudioCall } from '../workers/protocol';
import type { Studio } from '../workers/studio';
import { commands, runCommand } from './commands';
import { Editor } from './editor.svelte';
import { openPictures } from './opening';

const info: AppInfo = {
  version: '1',
  host: 'loopback',
  saves: 'download',
  decodes: false,
  files: [],
  settings: '',
  scene: null,
  networks: [
    {
      name: 'joint',
      version: '1',
      title: 'Joint',
      kind: 'image',
      inputWidth: 8,
      inputHeight: 8,
      isDefault: false,
    },
    {
      name: 'map',
      version: '2',
      title: 'Map',
      kind: 'colorMap',
      inputWidth: 8,
      inputHeight: 8,
      isDefault: true,
    },
  ],
};
const result: RequestOutput<'harmonize.run'> = {
  kind: 'colorMap',
  network: 'map',
  version: '2',
  device: 'cpu',
  fellBack: ['cuda: no such device'],
  ms: 3,
  width: 2,
  height: 2,
  data: new Float32Array(120),
};
type Run = (job: string) => Promise<Reply<RequestOutput<'harmonize.run'>>>;

/** An editor over a studio and a host that answer at once, unless `run` or `lift` say otherwise. */
function setUp(run: Run = async () => ({ ok: true, value: result })) {
  const kept: string[][] = [];
  const asked: string[] = [];
  let pictures = 0;
  const lifts: { fail: Fault | null } = { fail: null };
  const studio = {
    onFault: () => undefined,
    show: () => undefined,
    retain: (ids: string[]) => kept.push(ids),
    call: async (name: StudioCall, args: { name?: string; layer?: string }) => {
      if (name === 'preview') return new Blob();
      asked.push(name);
      if (name === 'decode') {
        const pixels = `p${pictures++}`;
        const [width, height] = [100, 80];
        const alpha = { width: 1, height: 1, data: Uint8Array.of(255) };
        return {
          pixels,
          name: args.name,
          width,
          height,
          bytes: 1000,
          alpha,
          content: { x: 0, y: 0, width, height },
          said: null,
          density: null,
        };
      }
      if (name === 'prepare') {
        return {
          network: 'map',
          width: 8,
          height: 8,
          image: new Float32Array(192),
          mask: new Float32Array(64),
        };
      }
      if (lifts.fail) throw lifts.fail;
      return { pixels: `lifted-${args.layer}`, bytes: 500 };
    },
  };
  const listeners = new Set<(event: EventPayload<'harmonize.progress'>) => void>();
  const bridge = {
    request: async (name: string, input: { job: string }) => {
      if (!name.startsWith('recent')) asked.push(name);
      return name === 'harmonize.run' ? run(input.job) : { ok: true, value: { cancelled: true } };
    },
    tokenOf: async () => null,
    on: (_name: string, listener: (event: EventPayload<'harmonize.progress'>) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const editor = new Editor(bridge as unknown as WindowBridge, studio as unknown as Studio);
  editor.info = info;
  const tell = (event: EventPayload<'harmonize.progress'>) =>
    listeners.forEach((listener) => listener(event));
  return { editor, kept, asked, lifts, tell, listeners };
}

const files = ['street', 'sofa'].map((name) => ({ name, blob: new Blob() }));
const run = (editor: Editor, name: string) =>
  runCommand(
    editor,
    commands.find((each) => each.name === name)!,
  );

// Notices go after a while; no test waits for that.
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the editor', () => {
  it('makes the document of the first picture and a chosen layer of the next', async () => {
    const { editor, kept } = setUp();
    await openPictures(editor, files);
    expect(editor.document?.order.length).toBe(2);
    expect(editor.selected?.name).toBe('sofa');
    expect(editor.dirty).toBe(true);
    expect(editor.bytes).toBe(2000);
    expect(kept.at(-1)?.toSorted()).toEqual(['p0', 'p1']);
  });

  it('makes one step of a gesture, and takes it back when it is given up', async () => {
    const { editor } = setUp();
    await openPictures(editor, files);
    const { id } = editor.selected!;
    for (const give of ['endGesture', 'cancelGesture'] as const) {
      editor.beginGesture('Change opacity');
      for (const opacity of [0.8, 0.6, 0.4]) editor.perform(setOpacity, { id, opacity });
      editor[give]();
    }
    expect(editor.timeline?.history.past.map(({ label }) => label)).toEqual(['Place sofa', 'Change opacity']);
    expect(editor.selected?.opacity).toBe(0.4);
    editor.undo();
    expect(editor.selected?.opacity).toBe(1);
  });

  it('chooses another layer when the chosen one goes, and lets its pixels go with the history', async () => {
    const { editor, kept } = setUp();
    await openPictures(editor, files);
    run(editor, 'layer.remove');
    expect(editor.selected?.name).toBe('street');
    expect(kept.at(-1)).toContain('p1');
    editor.close();
    expect(kept.at(-1)).toEqual([]);
    expect(editor.bytes).toBe(0);
  });

  it('takes digits as opacity, with Shift as fill, and as the brush’s opacity while one paints', async () => {
    const { editor } = setUp();
    await openPictures(editor, files);
    run(editor, 'layer.opacity-30');
    run(editor, 'layer.fill-60');
    expect(editor.selected).toMatchObject({ opacity: 0.3, fill: 0.6 });
    editor.tool = 'brush';
    run(editor, 'layer.opacity-50');
    expect(editor.painting.opacity).toBe(0.5);
    expect(editor.selected?.opacity).toBe(0.3);
    editor.undo();
    editor.undo();
    expect(editor.selected).toMatchObject({ opacity: 1, fill: 1 });
  });

  it('takes two digits pressed one after the other as one number and one step', async () => {
    const { editor } = setUp();
    await openPictures(editor, files);
    const steps = editor.steps;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
    run(editor, 'layer.opacity-40');
    expect(editor.selected?.opacity).toBe(0.4);
    clock.mockReturnValue(1500);
    run(editor, 'layer.opacity-50');
    expect(editor.selected?.opacity).toBe(0.45);
    expect(editor.steps).toBe(steps + 1);
    clock.mockReturnValue(1700);
    run(editor, 'layer.opacity-70');
    expect(editor.selected?.opacity).toBe(0.7);
    clock.mockReturnValue(9000);
    run(editor, 'layer.opacity-100');
    expect(editor.selected?.opacity).toBe(1);
    run(editor, 'layer.opacity-100');
    expect(editor.selected?.opacity).toBe(0);
    clock.mockRestore();
  });

  it('runs a command only where it is enabled', async () => {
    const { editor } = setUp();
    for (const { name } of commands.filter((each) => each.name.startsWith('layer.'))) run(editor, name);
    expect(editor.document).toBeNull();
    await openPictures(editor, files.slice(0, 1));
    run(editor, 'layer.nudge-left-1');
    expect(editor.canUndo).toBe(false);
  });

  it('moves the selection with the arrow keys while a tool that selects is in hand, and the layer otherwise', async () => {
    const { editor } = setUp();
    await openPictures(editor, files);
    const { transform } = editor.selectedPixels!;
    editor.perform(setSelection, { selection: { pixels: 'mask', x: 2, y: 3, width: 4, height: 4 } });
    editor.tool = 'lasso';
    run(editor, 'layer.nudge-right-1');
    run(editor, 'layer.nudge-up-1');
    expect(editor.selecting.present).toMatchObject({ x: 3, y: 2 });
    expect(editor.selectedPixels!.transform).toEqual(transform);
    editor.undo();
    expect(editor.selecting.present).toMatchObject({ x: 3, y: 3 });
    editor.tool = 'move';
    run(editor, 'layer.nudge-right-1');
    expect(editor.selecting.present).toMatchObject({ x: 3, y: 3 });
    expect(editor.selectedPixels!.transform).toEqual({ ...transform, e: transform.e + 1 });
  });
});

describe('harmonizing a layer', () => {
  it('puts the result beside the pixels as one step, and tells what ran', async () => {
    const { editor, kept } = setUp();
    await openPictures(editor, files);
    expect(editor.harmonizing.method).toBe('map');
    const { id, pixels } = editor.selectedPixels!;
    await editor.harmonizing.run([id]);
    expect(editor.selected).toMatchObject({
      pixels,
      harmonization: {
        method: 'map',
        version: '2',
        device: 'cpu',
        strength: 1,
        enabled: true,
        pixels: `lifted-${id}`,
      },
    });
    expect(editor.messages.list.map(({ text }) => text)).toEqual(['Ran on cpu: cuda: no such device']);
    expect(kept.at(-1)).toContain(`lifted-${id}`);
    editor.undo();
    expect(editor.selectedPixels?.harmonization).toBeNull();
    editor.redo();
    expect(editor.selectedPixels?.harmonization?.pixels).toBe(`lifted-${id}`);
  });

  it('follows the progress of its own job only, and one runs at a time', async () => {
    let answer: (reply: Reply<typeof result>) => void = () => undefined;
    let own = '';
    const { editor, asked, tell, listeners } = setUp((job) => {
      own = job;
      return new Promise((resolve) => (answer = resolve));
    });
    await openPictures(editor, files);
    const running = editor.harmonizing.run(editor.harmonizable);
    await vi.waitFor(() => expect(own).not.toBe(''));
    tell({ job: 'another', stage: 'loading' });
    expect(editor.harmonizing.job?.stage).toBe('sending');
    tell({ job: own, stage: 'running' });
    expect(editor.harmonizing.job?.stage).toBe('running');
    await editor.harmonizing.run(editor.harmonizable);
    run(editor, 'harmonize.set');
    answer({ ok: true, value: result });
    await running;
    expect(asked.filter((name) => name === 'harmonize.run').length).toBe(1);
    expect(editor.harmonizing.job).toBeNull();
    expect(listeners.size).toBe(0);
  });

  it('is cancelled at once, here and at the engine, without a word of error', async () => {
    const { editor, asked } = setUp(() => new Promise(() => undefined));
    await openPictures(editor, files);
    const { document } = editor;
    const running = editor.harmonizing.run(editor.harmonizable);
    await vi.waitFor(() => expect(asked).toContain('harmonize.run'));
    run(editor, 'harmonize.cancel');
    await running;
    expect(asked).toContain('harmonize.cancel');
    expect(editor.document).toBe(document);
    expect(editor.messages.list).toEqual([]);
    expect(editor.messages.announcement).toContain('cancelled');
  });

  it('tells every failure with what to do and leaves the document as it was', async () => {
    const error = { code: 'engine' as const, message: 'The engine died.', hint: 'Try again.' };
    const { editor } = setUp(async () => ({ ok: false, error }));
    await openPictures(editor, files);
    const { document } = editor;
    await editor.harmonizing.run(editor.harmonizable);
    expect(editor.messages.list.at(-1)).toMatchObject({
      tone: 'error',
      text: error.message,
      hint: error.hint,
    });
    const second = setUp();
    await openPictures(second.editor, files);
    second.lifts.fail = new Fault('too-large', 'There is not enough memory.', 'Close other programs.');
    await second.editor.harmonizing.run(second.editor.harmonizable);
    expect(second.editor.messages.list.at(-1)?.text).toContain('not enough memory');
    expect(second.editor.selectedPixels?.harmonization).toBeNull();
    expect(editor.document).toBe(document);
  });

  it('lets other work go on, and says so when its layer was deleted meanwhile', async () => {
    let answer: (reply: Reply<typeof result>) => void = () => undefined;
    const { editor, asked, kept } = setUp(() => new Promise((resolve) => (answer = resolve)));
    await openPictures(editor, files);
    const { id } = editor.selected!;
    const running = editor.harmonizing.run([id]);
    await vi.waitFor(() => expect(asked).toContain('harmonize.run'));
    editor.perform(nudgeLayer, { id, x: 3, y: 0 });
    editor.perform(removeLayer, { id });
    answer({ ok: true, value: result });
    await running;
    expect(editor.messages.list.at(-1)?.text).toContain('was deleted meanwhile');
    // The studio lets go of pixels once they were named and are named no longer.
    expect(kept.at(-2)).toContain(`lifted-${id}`);
    expect(kept.at(-1)).not.toContain(`lifted-${id}`);
    editor.undo();
    expect(editor.document?.layers[id]).toMatchObject({ harmonization: null });
  });
});
