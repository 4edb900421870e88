import { raise } from '../../../kernel/errors.ts';
import type { InternalRow } from '../../types/data-type.ts';
import type { QuerySink, SinkBatch } from '../query-sink.ts';

/** What `foreach` takes: a function of a row, or an object with these methods. */
export interface ForeachWriter {
  /** False skips the rows of this batch; `close` is called all the same. */
  open?(partitionId: number, epochId: number): unknown;
  process(row: unknown): unknown;
  /** The error that ended the batch, or null. */
  close?(error: unknown): unknown;
}

/**
 * Calls the program for every row: `open(0, batchId)`, `process(row)` for each, `close(error)`. Rows are kept until the batch is complete,
 * so that methods may be asynchronous. A batch that runs again is opened again with the same id.
 */
export class ForeachSink implements QuerySink {
  readonly description = 'ForeachTable';
  readonly #writer: ForeachWriter;
  readonly #toExternal: (row: InternalRow) => unknown;
  #batchId = 0;
  #rows: InternalRow[] = [];

  constructor(program: object, toExternal: (row: InternalRow) => unknown) {
    this.#writer = writerOf(program);
    this.#toExternal = toExternal;
  }

  begin({ batchId }: SinkBatch): void {
    this.#batchId = batchId;
    this.#rows = [];
  }

  add(row: InternalRow): void {
    this.#rows.push(row);
  }

  async end(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    let failed: unknown = null;
    try {
      const isWanted = (await this.#writer.open?.(0, this.#batchId)) ?? true;
      if (isWanted !== false) for (const row of rows) await this.#writer.process(this.#toExternal(row));
    } catch (error) {
      failed = error;
      throw error;
    } finally {
      await this.#writer.close?.(failed);
    }
  }

  async close(): Promise<void> {
    this.#rows = [];
  }
}

function writerOf(program: object): ForeachWriter {
  if (typeof program === 'function') return { process: program as (row: unknown) => unknown };
  if ('process' in program && typeof program.process === 'function') return program as ForeachWriter;
  return raise('SINK_OPTION', {
    name: 'writer',
    format: 'foreach',
    value: 'an object without the method process',
    expected: 'a function of a row, or an object with open, process and close',
  });
}
