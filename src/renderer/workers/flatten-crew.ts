import type { Hand } from '../../compositor/crew';
import type { FromHand } from '../../compositor/hand';

/** More threads than this only wait for memory. */
const MOST = 8;

let hands: readonly Hand[] | null = null;
let busy = false;

/** Threads to flatten on, started when they are first wanted; null where there are none, or they are at work. */
export function takeCrew(): readonly Hand[] | null {
  const count = Math.min(MOST, navigator.hardwareConcurrency);
  if (busy || count < 2) return null;
  hands ??= Array.from({ length: count }, startHand);
  busy = true;
  return hands;
}

/** Gives the threads back for the next picture. */
export function giveBackCrew(): void {
  busy = false;
}

function startHand(): Hand {
  const worker = new Worker(new URL('./flatten.worker.ts', import.meta.url), { type: 'module' });
  return {
    send: (message) => worker.postMessage(message),
    hear(listener, failed) {
      worker.onmessage = (event: MessageEvent<FromHand>) => listener(event.data);
      worker.onerror = (event) => failed(event.message);
    },
  };
}
