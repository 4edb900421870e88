import type { Fate, RunModel } from './run-model.ts';
import { rowIdOf } from './results.ts';

/**
 * What became of a record, in one word:
 * - `same`: it is in the same rows in both results;
 * - `moved`: in both, and in different rows;
 * - `late`: structured dropped it, because the watermark had passed it;
 * - `left-out`: in no row of one of them for another reason.
 */
export type RecordKind = 'same' | 'moved' | 'late' | 'left-out';

export function recordKind({ fates, matched }: RunModel, id: number): RecordKind {
  const record = fates[id];
  if (record === undefined) return 'left-out';
  if (record.structured.kind === 'late') return 'late';
  const [there, here] = [rowsOf(record.dstream), rowsOf(record.structured)];
  if (there === undefined || here === undefined) return there === here ? 'same' : 'left-out';
  const partners = new Set(there.map((row) => matched[row] ?? row));
  return there.length === here.length && here.every((row) => partners.has(row)) ? 'same' : 'moved';
}

function rowsOf(fate: Fate): readonly string[] | undefined {
  return fate.kind === 'elsewhere' ? fate.rows.map(rowIdOf) : undefined;
}
