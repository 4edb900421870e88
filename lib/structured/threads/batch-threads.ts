import type { RangePart, TableRange, TableSource } from '../../io/table-source.ts';
import type { EvaluationContext } from '../functions/define-function.ts';
import type { CompiledQuery } from '../operators/compiled-query.ts';
import type { ReadOrder } from './messages.ts';
import type { PartResult } from './part-result.ts';
import type { QueryThreads } from './query-threads.ts';

/** A source of a query, and its place among the others. */
interface DividedSource {
  readonly id: number;
  readonly source: Pick<TableSource, 'divide'>;
}

/** The sources of a query that other threads read, batch by batch. */
export class BatchThreads {
  readonly #threads: QueryThreads;
  readonly #sources: readonly DividedSource[];
  readonly #read: ReadonlySet<number>;
  readonly #compiled: CompiledQuery;
  readonly #context: EvaluationContext;
  /** By source: which orders of the batch are its own. */
  #orders = new Map<number, number[]>();

  constructor(
    threads: QueryThreads,
    {
      sources,
      read,
      compiled,
      context,
    }: {
      readonly sources: readonly DividedSource[];
      readonly read: ReadonlySet<number>;
      readonly compiled: CompiledQuery;
      readonly context: EvaluationContext;
    },
  ) {
    this.#threads = threads;
    this.#sources = sources;
    this.#read = read;
    this.#compiled = compiled;
    this.#context = context;
  }

  /** Whether a source is read in the threads. */
  reads(sourceId: number): boolean {
    return this.#read.has(sourceId);
  }

  /** Has the threads begin with the ranges of a batch, by source in the order of the plan. What is static has been pushed. */
  begin(ranges: readonly (readonly TableRange[])[]): void {
    this.#orders = new Map();
    const byThread: ReadOrder[][] = Array.from({ length: this.#threads.count }, () => []);
    let count = 0;
    for (const [i, { id, source }] of this.#sources.entries()) {
      if (!this.#read.has(id)) continue;
      const own: number[] = [];
      for (const range of ranges[i] ?? []) {
        const parts = source.divide?.(range, byThread.length) ?? [];
        for (const [thread, orders] of byThread.entries()) {
          orders.push({ sourceId: id, ...(parts[thread] as RangePart) });
        }
        own.push(count++);
      }
      this.#orders.set(id, own);
    }
    if (count === 0) return;
    const tables = this.#compiled.tables();
    if (tables !== undefined) this.#threads.fill(tables);
    this.#threads.begin(this.#context.batchTimestampUs, byThread);
  }

  /** What became of the rows of a source, part by part in their order. */
  async *parts(sourceId: number): AsyncGenerator<PartResult, void, undefined> {
    for (const order of this.#orders.get(sourceId) ?? []) yield* this.#threads.parts(order);
  }

  async close(): Promise<void> {
    await this.#threads.close();
  }
}
