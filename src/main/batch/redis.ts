import { Redis } from 'ioredis';
import { Fault } from '../../pixels/fault';

/** The queue that batches and workers meet in. */
export const QUEUE = 'attune-batch';

/**
 * Connects to the Redis of a queue. Once connected it is waited for whenever it goes away; commands are then held back
 * and sent when it is back.
 *
 * @param onNotice Told, once each time, when it goes away and when it is back.
 * @throws Fault `usage` (the address), `engine` (nobody answers there).
 */
export async function connect(url: string, onNotice: (message: string) => void): Promise<Redis> {
  if (!/^rediss?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new Fault(
      'usage',
      `“${url}” is no address of a Redis.`,
      'Write redis://HOST or redis://HOST:PORT.',
    );
  }
  let connected = false;
  let away = false;
  const redis = new Redis(url, {
    lazyConnect: true,
    // BullMQ asks for it: a command waits for as long as it takes.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (connected ? Math.min(100 * times, 2000) : null),
  });
  const address = new URL(url).host;
  redis.on('error', () => {
    if (connected && !away) onNotice(`Redis at ${address} does not answer; waiting for it.`);
    away = connected;
  });
  redis.on('close', () => {
    if (connected && !away && redis.status !== 'end')
      onNotice(`Redis at ${address} is gone; waiting for it.`);
    away = connected;
  });
  redis.on('ready', () => {
    if (away) onNotice(`Redis at ${address} is back.`);
    away = false;
    connected = true;
  });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault('engine', `No Redis answers at ${address} (${why}).`, 'Start it, or check the address.');
  }
}
