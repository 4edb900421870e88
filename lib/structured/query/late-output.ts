import { RowsBlock } from '../../io/rows-block.ts';
import type { EvaluationContext } from '../functions/define-function.ts';
import type { CompiledQuery } from '../operators/compiled-query.ts';
import { lateColumnNames } from '../operators/late-rows.ts';
import type { OperatorBatch } from '../operators/physical-operator.ts';
import type { InternalRow } from '../types/data-type.ts';
import type { QuerySink, SinkBatch } from './query-sink.ts';

export interface LateOutputSetup {
  /** What becomes of the rows: steps without state. */
  readonly compiled: CompiledQuery;
  readonly context: EvaluationContext;
  readonly sink: QuerySink;
}

/**
 * The second output of a query: its late rows. A batch's late rows go to their sink after its result has gone to the query's own, before
 * the batch is committed: both sinks see the same batches, with the same ids, and again after a crash.
 */
export class LateOutput {
  readonly #setup: LateOutputSetup;
  #rows: InternalRow[] = [];

  constructor(setup: LateOutputSetup) {
    this.#setup = setup;
  }

  begin(batch: SinkBatch): void {
    this.#rows = [];
    this.#setup.sink.begin(batch);
  }

  /** A late row; it belongs to the batch that has begun. */
  take(row: InternalRow): void {
    this.#rows.push(row);
  }

  async end(batch: OperatorBatch): Promise<void> {
    const { compiled, context, sink } = this.#setup;
    const rows = this.#rows;
    this.#rows = [];
    context.batchTimestampUs = batch.processingTimeMs * 1000;
    compiled.begin(batch);
    const block = new RowsBlock(lateColumnNames, rows, (row) => ({ row }));
    for (const { sourceId } of compiled.sources) compiled.push(sourceId, block);
    compiled.finish();
    await sink.end();
  }
}
