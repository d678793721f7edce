import { discardUnfinished } from '../main/files/atomic';

/**
 * For commands that tidy up themselves: the first Ctrl-C calls `finish`, a second one or SIGTERM `drop`, after which
 * the program ends. The returned function gives the signals back.
 */
export function onInterrupt(finish: () => void, drop: () => Promise<void>): () => void {
  const before = (['SIGINT', 'SIGTERM'] as const).map(
    (signal) => [signal, process.listeners(signal)] as const,
  );
  let told = false;
  const end = (code: number) => {
    void drop()
      .catch(() => undefined)
      .then(() => {
        discardUnfinished();
        process.exit(code);
      });
  };
  const onSigint = () => {
    if (told) return end(130);
    told = true;
    finish();
  };
  const onSigterm = () => end(143);
  for (const [signal] of before) process.removeAllListeners(signal);
  process.on('SIGINT', onSigint);
  process.on('SIGTERM', onSigterm);
  return () => {
    process.off('SIGINT', onSigint);
    process.off('SIGTERM', onSigterm);
    for (const [signal, listeners] of before) for (const one of listeners) process.on(signal, one);
  };
}
