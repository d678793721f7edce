import { parentPort } from 'node:worker_threads';
import { asHand, type ToHand } from '../src/compositor/hand';

// A thread of the bench that flattens strips.
const work = asHand((message) => parentPort?.postMessage(message));
parentPort?.on('message', (message: ToHand) => work(message));
