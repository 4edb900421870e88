import type { Terminal } from '../output/terminal.ts';

/** How long a running batch may take to end after the first signal. */
export const shutdownMs = 10_000;

/** A signal that comes again within this time is the same one: `timeout` and `npm` send it to the process and to its group. */
export const sameSignalMs = 100;

const statusOf = { SIGINT: 130, SIGTERM: 143 } as const;

/** What a spec replaces. */
interface Ending {
  now(): number;
  exit(status: number): void;
}

export interface Shutdown {
  /** Resolves at the first signal. */
  readonly requested: Promise<void>;
  close(): void;
}

/**
 * The first SIGINT or SIGTERM asks for a stop, the second ends the process at once: everything that is committed is durable, and
 * the batch in flight runs again at the next start.
 */
export function listenForShutdown(
  terminal: Terminal,
  text = 'Stopping: the running batch ends first. A second signal stops at once.',
  { now, exit }: Ending = {
    now: () => performance.now(),
    exit: (status) => process.exit(status),
  },
): Shutdown {
  let first: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;
  let tell: (() => void) | undefined;
  const requested = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first !== undefined) {
      if (signal === first.signal && now() - first.at < sameSignalMs) return;
      terminal.endStatus();
      exit(signal === 'SIGTERM' ? statusOf.SIGTERM : statusOf.SIGINT);
      return;
    }
    first = { signal, at: now() };
    terminal.note(text);
    tell?.();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    requested,
    close() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
