import type { Thread, Threads } from '../../io/host.ts';
import { failure, type MillraceError } from '../../kernel/errors.ts';
import { fromPlain } from '../../kernel/plain-error.ts';
import type { FromThread, QueryThreadData, ReadOrder, ToThread } from './messages.ts';
import type { PackedRows } from './packed-rows.ts';
import type { PartResult } from './part-result.ts';

type RunMessage = Extract<ToThread, { kind: 'run' }>;

export interface QueryThreadsSetup {
  readonly threads: Threads;
  readonly count: number;
  readonly data: QueryThreadData;
  readonly warn: (text: string) => void;
}

/** The threads that work for one query, each on its part of a batch. */
export class QueryThreads {
  readonly #workers: readonly Worker[];
  #run = 0;

  constructor({ threads, count, data, warn }: QueryThreadsSetup) {
    this.#workers = Array.from({ length: count }, () => new Worker(threads, data, warn));
  }

  get count(): number {
    return this.#workers.length;
  }

  /** The static sides of joins, from the next batch on. */
  fill(tables: readonly PackedRows[]): void {
    for (const worker of this.#workers) worker.fill(tables);
  }

  /** Has a batch read: `orders` by thread, for each of the same sources in the same order. */
  begin(batchTimestampUs: number, orders: readonly (readonly ReadOrder[])[]): void {
    this.#run += 1;
    for (const [i, worker] of this.#workers.entries()) {
      worker.run({ kind: 'run', run: this.#run, batchTimestampUs, orders: orders[i] ?? [] });
    }
  }

  /** What became of one of the orders, thread by thread: the order of the rows. Rejects with the first failure in this order. */
  async *parts(order: number): AsyncGenerator<PartResult, void, undefined> {
    for (const worker of this.#workers) yield await worker.part(order);
  }

  /** Whoever waits for a part is told. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map(async (worker) => await worker.close()));
  }
}

/**
 * One thread. Nothing of its part of a batch goes on before all of it is there: when the thread ends, another one takes its place, and
 * computes the part again. If that one ends too in the same batch, the batch fails.
 */
class Worker {
  readonly #threads: Threads;
  readonly #data: QueryThreadData;
  readonly #warn: (text: string) => void;
  #thread: Thread | undefined;
  #tables: readonly PackedRows[] = [];
  #message: RunMessage | undefined;
  readonly #parts = new Map<number, PartResult>();
  /** Orders whose part has not been taken. */
  #open = new Set<number>();
  #failure: MillraceError | undefined;
  #replaced = 0;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(threads: Threads, data: QueryThreadData, warn: (text: string) => void) {
    this.#threads = threads;
    this.#data = data;
    this.#warn = warn;
    this.#thread = this.#start();
  }

  fill(tables: readonly PackedRows[]): void {
    this.#tables = tables;
    this.#thread?.post({ kind: 'tables', tables } satisfies ToThread);
  }

  run(message: RunMessage): void {
    this.#message = message;
    this.#parts.clear();
    this.#open = new Set(message.orders.keys());
    this.#failure = undefined;
    this.#replaced = 0;
    this.#thread ??= this.#startFilled();
    this.#thread.post(message);
  }

  async part(order: number): Promise<PartResult> {
    for (;;) {
      const part = this.#parts.get(order);
      if (part !== undefined) {
        this.#parts.delete(order);
        this.#open.delete(order);
        return part;
      }
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#fail(failure('QUERY_THREAD_ENDED', { reason: 'the query stops' }));
    await this.#thread?.end();
  }

  #start(): Thread {
    return this.#threads.start('query', this.#data, {
      message: (message) => {
        this.#receive(message as FromThread);
      },
      ended: (reason) => {
        if (!this.#isClosed) this.#replace(reason);
      },
    });
  }

  #receive(message: FromThread): void {
    if (message.kind === 'warning') this.#warn(message.text);
    else if (message.run === this.#message?.run) {
      if (message.kind === 'failed') this.#fail(fromPlain(message.error));
      else {
        this.#parts.set(message.order, message.result);
        this.#wake?.();
      }
    }
  }

  #startFilled(): Thread {
    const thread = this.#start();
    thread.post({ kind: 'tables', tables: this.#tables } satisfies ToThread);
    return thread;
  }

  /** Parts that have been taken are computed again with the others, and not taken again. */
  #replace(reason: string): void {
    this.#thread = undefined;
    this.#replaced += 1;
    if (this.#replaced > 1) {
      this.#fail(failure('QUERY_THREAD_ENDED', { reason }));
      return;
    }
    this.#warn(failure('QUERY_THREAD_REPLACED', { reason }).message);
    this.#thread = this.#startFilled();
    if (this.#message !== undefined && this.#open.size > 0) this.#thread.post(this.#message);
  }

  #fail(error: MillraceError): void {
    this.#failure = error;
    this.#wake?.();
  }
}
