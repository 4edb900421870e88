import { listenForSignals } from '../../node/signals.ts';
import type { Terminal } from '../output/terminal.ts';

/** How long a running batch may take to end after the first signal. */
export const shutdownMs = 10_000;

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
  let tell: (() => void) | undefined;
  const requested = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const signals = listenForSignals({
    first: () => {
      terminal.note(text);
      tell?.();
    },
    second: (status) => {
      terminal.endStatus();
      exit(status);
    },
    now,
  });
  return { requested, close: signals.close };
}
