import type { InternalRow } from '../../types/data-type.ts';
import type { QuerySink, SinkBatch } from '../query-sink.ts';

/** Gives all rows of a batch at once to whoever wants them: `foreachBatch`, the memory sink, the console. */
export class RowsSink implements QuerySink {
  readonly description: string;
  readonly #take: (rows: readonly InternalRow[], batch: SinkBatch) => unknown;
  #batch: SinkBatch = { batchId: 0, attempt: 1 };
  #rows: InternalRow[] = [];

  constructor(description: string, take: (rows: readonly InternalRow[], batch: SinkBatch) => unknown) {
    this.description = description;
    this.#take = take;
  }

  begin(batch: SinkBatch): void {
    this.#batch = batch;
    this.#rows = [];
  }

  add(row: InternalRow): void {
    this.#rows.push(row);
  }

  async end(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    await this.#take(rows, this.#batch);
  }

  async close(): Promise<void> {
    this.#rows = [];
  }
}
