import { asHand, type ToHand } from '../../compositor/hand';

/** A thread that flattens strips of large pictures for the studio. */
const work = asHand((message) => postMessage(message));
addEventListener('message', (event: MessageEvent<ToHand>) => work(event.data));
