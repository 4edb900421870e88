import type { Clock } from '../../kernel/clock.ts';
import { messageOf, raise } from '../../kernel/errors.ts';
import { isoTime } from './progress-reporter.ts';
import type { StreamingQueryListener } from './query-listener.ts';
import type { RunningQuery } from './running-query.ts';
import type { StreamingQuery } from './streaming-query.ts';
import { pause } from './trigger.ts';

/** The queries of a session: `spark.streams`. */
export class StreamingQueryManager {
  readonly #clock: Clock;
  readonly #warn: (text: string) => void;
  readonly #active = new Map<string, RunningQuery>();
  /** Where active queries keep their checkpoints, by query id. */
  readonly #locations = new Map<string, string>();
  readonly #names = new Set<string>();
  readonly #listeners = new Set<StreamingQueryListener>();
  /** Queries that have ended since `resetTerminated`, in order. */
  #terminated: RunningQuery[] = [];
  #onTerminated: (() => void)[] = [];

  constructor(clock: Clock, warn: (text: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  /** Those that run, in the order of their starts. */
  get active(): readonly StreamingQuery[] {
    return [...this.#active.values()];
  }

  /** The running query of an id. */
  get(id: string): StreamingQuery | null {
    return this.#active.get(id) ?? null;
  }

  /**
   * Resolves when any query of the session ends, or has ended since the session began or `resetTerminated` was called; rejects when one
   * of them failed. With `timeoutMs` false when none has by then.
   */
  async awaitAnyTermination(timeoutMs?: number): Promise<boolean> {
    if (this.#terminated.length === 0) {
      const over = new AbortController();
      const ended = new Promise<void>((resolve) => {
        this.#onTerminated.push(() => {
          over.abort();
          resolve();
        });
      });
      await (timeoutMs === undefined ? ended : pause(this.#clock, timeoutMs, over.signal));
      if (!over.signal.aborted) return false;
    }
    const failed = this.#terminated.find(({ exception }) => exception !== null);
    if (failed?.exception) throw failed.exception;
    return true;
  }

  /** Forgets queries that have ended, so that `awaitAnyTermination` waits for others. */
  resetTerminated(): void {
    this.#terminated = [];
  }

  addListener(listener: StreamingQueryListener): void {
    this.#listeners.add(listener);
  }

  removeListener(listener: StreamingQueryListener): void {
    this.#listeners.delete(listener);
  }

  /** Called before a query starts: its name must be free, from now on until it has ended. Returns what gives the name back. */
  reserve(name: string | undefined): () => void {
    if (name === undefined) return () => undefined;
    if (this.#names.has(name)) raise('QUERY_NAME_IN_USE', { name });
    this.#names.add(name);
    return () => this.#names.delete(name);
  }

  /** The active query that keeps its checkpoint there. */
  activeAt(location: string): StreamingQuery | undefined {
    for (const [id, taken] of this.#locations) if (taken === location) return this.#active.get(id);
    return undefined;
  }

  started(query: RunningQuery, location: string | undefined): void {
    this.#active.set(query.id, query);
    if (location !== undefined) this.#locations.set(query.id, location);
  }

  ended(query: RunningQuery): void {
    this.#active.delete(query.id);
    this.#locations.delete(query.id);
    this.#terminated.push(query);
    const { id, runId, exception } = query;
    this.tell('onQueryTerminated', {
      id,
      runId,
      exception: exception?.message ?? null,
      errorClassOnException: exception === null ? null : exception.code,
    });
    for (const resolve of this.#onTerminated.splice(0)) resolve();
  }

  /** Tells every listener; what one throws is told to people. */
  tell<E extends keyof StreamingQueryListener>(
    event: E,
    detail: Parameters<NonNullable<StreamingQueryListener[E]>>[0],
  ): void {
    for (const listener of this.#listeners) {
      try {
        (listener[event] as ((detail: unknown) => void) | undefined)?.call(listener, detail);
      } catch (error) {
        this.#warn(`A listener of the session failed in ${event}: ${messageOf(error)}`);
      }
    }
  }

  now(): string {
    return isoTime(this.#clock.now());
  }
}
