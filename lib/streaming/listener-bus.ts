import { messageOf } from '../kernel/errors.ts';
import type { StreamingListener } from './events.ts';

type EventName = keyof StreamingListener;
type EventOf<N extends EventName> = Parameters<NonNullable<StreamingListener[N]>>[0];

/** Hands each event to every listener, in the order in which they were added. A listener that throws is reported, and the rest still hear. */
export class ListenerBus {
  readonly #listeners: StreamingListener[] = [];
  readonly #warn: (text: string) => void;
  #delivering = false;

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /** Whether a listener is being called at this moment. */
  get isDelivering(): boolean {
    return this.#delivering;
  }

  /** Whether anybody would be told: an event that is costly to put together need not be. */
  get hasListeners(): boolean {
    return this.#listeners.length > 0;
  }

  add(listener: StreamingListener): void {
    this.#listeners.push(listener);
  }

  remove(listener: StreamingListener): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }

  post<N extends EventName>(name: N, event: EventOf<N>): void {
    if (this.#listeners.length === 0) return;
    this.#delivering = true;
    try {
      // A copy: a listener may remove itself while it is told.
      const listeners = this.#listeners.slice();
      for (const listener of listeners) {
        try {
          (listener[name] as ((event: EventOf<N>) => void) | undefined)?.call(listener, event);
        } catch (error) {
          this.#warn(`A streaming listener failed in ${name}: ${messageOf(error)}`);
        }
      }
    } finally {
      this.#delivering = false;
    }
  }
}
