import { isLate } from './late.ts';
import { batchByRecord } from './results.ts';
import type { PairRun } from './run-pair.ts';
import type { CompareRecord, EngineName, ResultRow, RunBatch } from './run-model.ts';

/** What was found out about rows that do not say which records they were made of. */
export interface Derivation {
  readonly run: PairRun;
  /** For whoever reads the result; empty where the programs say everything. */
  readonly notes: readonly string[];
}

const mend =
  'Give both a column records with the ids in the row: in the query collect_list(id), in the DStream a list of ids that is carried along.';

/**
 * Finds the records of rows without a column `records`, where the row leaves no doubt: of its key (or of all keys, if it names none), in its
 * window as the engine understands it, and as many of them as its value says, or with that sum of values. Everything else stays open.
 */
export function deriveRecords(run: PairRun, records: readonly CompareRecord[]): Derivation {
  const open = { dstream: 0, structured: 0 };
  let derived = 0;
  const side = (engine: EngineName): PairRun[EngineName] => {
    const batchOf = batchByRecord(run[engine]);
    return {
      batches: run[engine].batches.map((batch) =>
        Object.assign({}, batch, {
          rows: batch.rows.map((row) => {
            if (row.records.length > 0 || row.value === 0) return row;
            const found = recordsOf(engine, row, batch, { records, batchOf });
            if (found === undefined) open[engine] += 1;
            else derived += 1;
            return found === undefined ? row : { ...row, records: found };
          }),
        }),
      ),
    };
  };
  return { run: { dstream: side('dstream'), structured: side('structured') }, notes: notesOf(derived, open) };
}

function notesOf(derived: number, open: Readonly<Record<EngineName, number>>): readonly string[] {
  const notes: string[] = [];
  if (derived > 0) {
    notes.push(
      'Rows without the column records: their records were found by key and window, where count or sum of values confirmed them.',
    );
  }
  const sides = (['dstream', 'structured'] as const).filter((engine) => open[engine] > 0);
  if (sides.length > 0) {
    const names = sides.map((engine) => (engine === 'dstream' ? 'the DStream' : 'the query')).join(' and ');
    notes.push(
      `Rows of ${names} do not say which records they were made of, so that why they differ stays open. ${mend}`,
    );
  }
  return notes;
}

interface Read {
  readonly records: readonly CompareRecord[];
  readonly batchOf: ReadonlyMap<number, RunBatch>;
}

function recordsOf(
  engine: EngineName,
  { label, window, value }: ResultRow,
  until: RunBatch,
  { records, batchOf }: Read,
): readonly number[] | undefined {
  const read = records.filter(({ id, key }) => {
    const batch = batchOf.get(id);
    return batch !== undefined && batch.number <= until.number && (label === '' || label === key);
  });
  const inside = read.filter(({ id, eventMs }) => {
    const batch = batchOf.get(id);
    if (window === undefined || batch === undefined) return window === undefined;
    return engine === 'dstream'
      ? batch.timeMs > window.fromMs && batch.timeMs <= window.untilMs
      : eventMs >= window.fromMs && eventMs < window.untilMs && !isLate(batch, window.untilMs);
  });
  const sum = inside.reduce((total, record) => total + record.value, 0);
  const isSure = inside.length > 0 && (inside.length === value || Math.abs(sum - value) < 1e-9);
  return isSure ? inside.map(({ id }) => id) : undefined;
}
