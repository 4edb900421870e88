import { listenForSignals } from './signals.ts';

/** How long a program may go on by itself after everything has stopped, before the process is ended for it. */
const lingerMs = 5000;

const stops = new Set<() => Promise<void>>();
let listening: { close(): void } | undefined;

/**
 * Has `stop` called at the first SIGINT or SIGTERM, until the result is called. A second signal ends the process at once.
 *
 * A program that listens for the signal itself decides alone what it means: then nothing happens here. When everything has stopped the
 * program goes on behind its `awaitTermination` and ends by itself, or is ended after a while where something keeps it alive that
 * nobody closes.
 */
export function onShutdown(stop: () => Promise<void>): () => void {
  stops.add(stop);
  listening ??= listenForSignals({
    wants: (signal) => process.listenerCount(signal) === 1,
    first: () => void stopAll(),
    second: (status) => process.exit(status),
  });
  return () => {
    stops.delete(stop);
    if (stops.size > 0 || isStopping) return;
    listening?.close();
    listening = undefined;
  };
}

let isStopping = false;

async function stopAll(): Promise<void> {
  isStopping = true;
  process.stderr.write('Stopping: the running batch ends first. A second signal stops at once.\n');
  // What a stop throws has reached whoever waits for the end.
  await Promise.allSettled(Array.from(stops, async (stop) => await stop()));
  setTimeout(() => process.exit(), lingerMs).unref();
}
