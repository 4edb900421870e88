/** A signal that comes again within this time is the same one: `timeout` and `npm` send it to the process and to its group. */
export const sameSignalMs = 100;

const statusOf = { SIGINT: 130, SIGTERM: 143 } as const;
type EndingSignal = keyof typeof statusOf;

export interface SignalListener {
  /** Whether a signal is meant for this listener at all; all are unless told otherwise. */
  readonly wants?: (signal: EndingSignal) => boolean;
  /** The first SIGINT or SIGTERM: asks for a stop. */
  readonly first: () => void;
  /** The second: ends the process at once, with this status. */
  readonly second: (status: number) => void;
  readonly now?: () => number;
}

/** Listens for SIGINT and SIGTERM until it is closed. */
export function listenForSignals(listener: SignalListener): { close(): void } {
  const now = listener.now ?? (() => performance.now());
  let first: { readonly signal: EndingSignal; readonly at: number } | undefined;
  const onSignal = (signal: EndingSignal): void => {
    if (listener.wants?.(signal) === false) return;
    if (first === undefined) {
      first = { signal, at: now() };
      listener.first();
    } else if (signal !== first.signal || now() - first.at >= sameSignalMs) {
      listener.second(statusOf[signal]);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return {
    close() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
    },
  };
}
