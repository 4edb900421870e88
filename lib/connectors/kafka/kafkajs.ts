import { kafkajs, type Kafkajs } from './packages.ts';

let loaded: Kafkajs | undefined;

export function loadKafkajs(): Kafkajs {
  if (loaded === undefined) {
    loaded = kafkajs();
    stopTimerSpin(loaded.RequestQueue.prototype);
  }
  return loaded;
}

/**
 * kafkajs arms a timer with a delay in the past after every request, for ever: 850 wake-ups a second and 5 % of a core when idle.
 * A check is needed only while requests wait for room or for the end of a throttling.
 */
function stopTimerSpin(queue: SpinningQueue): void {
  queue.scheduleCheckPendingRequests = checkWhenNeeded;
}

interface SpinningQueue {
  pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
  checkPendingRequests(): void;
}

function checkWhenNeeded(this: SpinningQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const delayMs = Math.max(10, this.throttledUntil - Date.now());
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, delayMs);
}

interface SilentLogger {
  namespace(): SilentLogger;
  error(): void;
  warn(): void;
  info(): void;
  debug(): void;
}

/** kafkajs reports normal things as errors on its own; what matters reaches the caller as an error anyway. */
export const silentLogger: SilentLogger = {
  namespace: () => silentLogger,
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};
