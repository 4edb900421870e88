import { constants } from 'node:os';

type SignalWatch = new () => { onsignal: (signal: number) => void; start(signal: number): number; unref(): void };

/**
 * Tells a worker of SIGINT and SIGTERM. Node offers signals to the main thread only, which is the one that hangs; libuv tells every
 * loop that asks. Where this Node does not let one ask, nothing is told.
 */
export function watchSignals(listener: (status: 130 | 143) => void): void {
  try {
    // Asking for it is deprecated, without anything in its place.
    process.noDeprecation = true;
    const { binding } = process as unknown as { binding(name: string): { readonly Signal: SignalWatch } };
    const { Signal } = Reflect.apply(binding, process, ['signal_wrap']);
    for (const [signal, status] of [
      [constants.signals.SIGINT, 130],
      [constants.signals.SIGTERM, 143],
    ] as const) {
      const watch = new Signal();
      watch.onsignal = () => {
        listener(status);
      };
      watch.unref();
      watch.start(signal);
    }
  } catch {
    // The main thread's handlers are there, for whenever it goes on.
  }
}
