import { type Clock, delayInWork } from '../../kernel/clock.ts';
import { endsWithin } from '../../kernel/deadline.ts';
import { failure, raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { type Duration, durationMs } from '../../kernel/time.ts';
import { requireOptions } from '../arguments.ts';
import { collectPartition } from '../evaluate.ts';
import { functionFailed } from '../function-failure.ts';
import { RddNode } from '../rdd-node.ts';
import { placed } from '../record-place.ts';

export interface MapAsyncOptions {
  /** Calls of a partition that are under way at a time; 16. */
  readonly concurrency?: number;
  /** How long one call may take; without it as long as it likes. The signal of a call that takes longer is aborted. */
  readonly timeout?: Duration;
  /** True (the default) keeps the order of the elements; false gives each result as it comes. */
  readonly ordered?: boolean;
  /** How often a call that failed or took too long is made again; 0. */
  readonly retries?: number;
  /** The pause before the first of them, doubled before each further one up to 30 s; 100 ms. */
  readonly backoff?: Duration;
}

/** What a call of `mapAsync` is told besides its element. */
export interface AsyncCall {
  /** Aborted when the call takes too long, and when another one failed for good. */
  readonly signal: AbortSignal;
  /** 0 for the first call with this element, higher when it is made again. */
  readonly attempt: number;
}

export type AsyncFunction<T, U> = (value: T, call: AsyncCall) => U | Promise<U>;

export interface MapAsyncSettings {
  readonly concurrency: number;
  readonly timeoutMs: number | undefined;
  readonly isOrdered: boolean;
  readonly retries: number;
  readonly backoffMs: number;
  readonly clock: Clock;
}

const longestBackoffMs = 30_000;

/** The options, checked. */
export function mapAsyncSettings(options: MapAsyncOptions, clock: Clock, operator = 'mapAsync'): MapAsyncSettings {
  requireOptions(operator, options, ['concurrency', 'timeout', 'ordered', 'retries', 'backoff']);
  const { concurrency = 16, timeout, ordered = true, retries = 0, backoff = 100 } = options;
  requireWhole(operator, 'concurrency', concurrency, 1);
  requireWhole(operator, 'retries', retries, 0);
  if (typeof ordered !== 'boolean') {
    raise('RDD_ARGUMENT', { operator, name: 'ordered', given: String(ordered), expected: 'true or false' });
  }
  return {
    concurrency,
    timeoutMs: timeout === undefined ? undefined : durationMs(timeout),
    isOrdered: ordered,
    retries,
    backoffMs: durationMs(backoff),
    clock,
  };
}

/**
 * One element for each element by a function that may wait. Up to `concurrency` calls of a partition are under way at a time; results
 * keep the order of the elements unless told otherwise. A partition's elements are held in memory while it runs.
 *
 * - A call that fails or takes too long is made again after a pause, as often as `retries` says.
 * - When one fails for good, no further ones are started, those under way are told by their signal and waited for, and that
 *   failure is the result.
 */
export class MapAsyncNode<T, U> extends RddNode<U> {
  readonly kind = 'mapAsync';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #f: AsyncFunction<T, U>;
  readonly #settings: MapAsyncSettings;
  readonly #operator: string;

  constructor(parent: RddNode<T>, f: AsyncFunction<T, U>, settings: MapAsyncSettings, operator = 'mapAsync') {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#f = f;
    this.#settings = settings;
    this.#operator = operator;
  }

  async compute(partition: number, emit: Emit<U>): Promise<void> {
    const { concurrency, isOrdered } = this.#settings;
    const values = await collectPartition(this.parents[0], partition);
    const stopped = new AbortController();
    const results = isOrdered ? new InOrder(emit) : undefined;
    let next = 0;
    const failures: Failure[] = [];
    const work = async (): Promise<void> => {
      while (next < values.length && failures.length === 0) {
        const index = next;
        next += 1;
        try {
          const result = await this.#call(values[index] as T, stopped.signal);
          if (failures.length > 0) return;
          if (results === undefined) emit(result);
          else results.put(index, result);
        } catch (error) {
          // In order, a later step may have failed on the result of an earlier element.
          failures.push({ index: results?.failedAt ?? index, error });
          stopped.abort(error);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, values.length) }, work));
    // The first in time: others may have failed because they were told to stop.
    const [first] = failures;
    if (first !== undefined) throw await placed(this.parents[0], partition, first.index, first.error);
  }

  async #call(value: T, stopped: AbortSignal): Promise<U> {
    const { retries, backoffMs, clock } = this.#settings;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(value, attempt, stopped);
      } catch (error) {
        if (attempt >= retries || stopped.aborted) throw error;
      }
      await delayInWork(clock, Math.min(backoffMs * 2 ** attempt, longestBackoffMs));
    }
  }

  async #attempt(value: T, attempt: number, stopped: AbortSignal): Promise<U> {
    const { timeoutMs, clock } = this.#settings;
    const operator = this.#operator;
    const aborted = new AbortController();
    const abort = (): void => {
      aborted.abort(stopped.reason);
    };
    stopped.addEventListener('abort', abort, { once: true });
    try {
      const called = this.#invoke(value, { signal: aborted.signal, attempt });
      if (timeoutMs === undefined) return await called;
      if (await endsWithin(clock, called, timeoutMs)) return await called;
      const late = failure('RDD_CALL_TIMEOUT', { operator, timeout: timeoutMs }, { where: { operator } });
      // Nobody looks at what it gives any more; its rejection must not end the process.
      called.catch(() => undefined);
      aborted.abort(late);
      throw late;
    } finally {
      stopped.removeEventListener('abort', abort);
    }
  }

  async #invoke(value: T, call: AsyncCall): Promise<U> {
    try {
      return await this.#f(value, call);
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
  }
}

interface Failure {
  readonly index: number;
  readonly error: unknown;
}

/** Passes results on in the order of their elements, however they come. */
class InOrder<U> {
  readonly #emit: Emit<U>;
  readonly #waiting = new Map<number, U>();
  #next = 0;
  /** The element whose result a later step refused. */
  failedAt: number | undefined;

  constructor(emit: Emit<U>) {
    this.#emit = emit;
  }

  put(index: number, result: U): void {
    this.#waiting.set(index, result);
    while (this.#waiting.has(this.#next)) {
      const ready = this.#waiting.get(this.#next) as U;
      this.#waiting.delete(this.#next);
      try {
        this.#emit(ready);
      } catch (error) {
        this.failedAt = this.#next;
        throw error;
      }
      this.#next += 1;
    }
  }
}

function requireWhole(operator: string, name: string, given: unknown, least: number): void {
  if (!Number.isSafeInteger(given) || (given as number) < least) {
    raise('RDD_ARGUMENT', { operator, name, given: String(given), expected: `a whole number from ${least}` });
  }
}
