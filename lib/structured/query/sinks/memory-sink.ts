import type { Attribute } from '../../expressions/typed-expression.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { OutputMode } from '../../plan/user-programs.ts';
import type { InternalRow } from '../../types/data-type.ts';
import type { QuerySink } from '../query-sink.ts';
import { RowsSink } from './rows-sink.ts';

/** Where the table of a memory sink is made known. */
export interface ViewHolder {
  nextId(): number;
  setView(name: string, plan: LogicalPlan): void;
}

/**
 * Keeps the result as a table of the session, by the query's name: all rows so far in append and update mode, those of the last batch in
 * complete mode. A batch that comes twice counts once.
 */
export function memorySink(
  name: string,
  output: readonly Attribute[],
  mode: OutputMode,
  session: ViewHolder,
): QuerySink {
  const schema = {
    kind: 'struct' as const,
    fields: output.map((column) => ({ name: column.name, type: column.type, nullable: column.nullable })),
  };
  let rows: readonly InternalRow[] = [];
  let lastBatch = -1;
  const publish = (): void => {
    session.setView(name, { kind: 'local', schema, rows, planId: session.nextId() });
  };
  publish();
  return new RowsSink('MemorySink', (batch, { batchId }) => {
    if (batchId <= lastBatch) return;
    lastBatch = batchId;
    rows = mode === 'complete' ? batch : [...rows, ...batch];
    publish();
  });
}
