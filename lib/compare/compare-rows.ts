import { deriveRecords } from './derive-records.ts';
import type { Pair } from './pair.ts';
import { fatesOf, reasonsOf } from './reasons.ts';
import { Results, rowIdOf } from './results.ts';
import type { PairRun } from './run-pair.ts';
import type { ComparedRow, CompareRecord, RowStatus, RunModel, SideRow } from './run-model.ts';
import type { CompareSettings } from './settings.ts';

/** The part of a run model that is worked out from what the engines reported. */
export type Comparison = Pick<RunModel, 'rows' | 'fates' | 'matched' | 'notes' | 'dstream' | 'structured'>;

/** Both sides of one row, not judged yet. */
export interface RowPair {
  readonly dstream?: SideRow;
  readonly structured?: SideRow;
}

/**
 * The rows of both results side by side, each with its reasons. Rows that a ranking leaves out on both sides are not among them.
 *
 * Ordered by window, then label.
 */
export function compareRows(
  pair: Pair,
  settings: CompareSettings,
  records: readonly CompareRecord[],
  given: PairRun,
): Comparison {
  const { run, notes } = pair.mayLackRecords === true ? deriveRecords(given, records) : { run: given, notes: [] };
  const results = new Results(run, settings.mode, pair.rowsAdd === true);
  const sides = pair.rowsMatchBy === 'label' ? results.pairedByLabel() : results.pairedByRecords();
  const evidence = { pair, records, results, windowMs: settings.windowMs };
  const isShown = (side: SideRow | undefined): boolean =>
    side !== undefined && (side.row.rank === undefined || side.row.rank <= settings.top);
  const rows: ComparedRow[] = [];
  for (const [id, sidesOfRow] of sides) {
    const { dstream, structured } = sidesOfRow;
    if (!isShown(dstream) && !isShown(structured)) continue;
    const first = dstream?.row ?? structured?.row;
    if (first === undefined) continue;
    const isEqual =
      isShown(dstream) === isShown(structured) &&
      dstream?.row.value === structured?.row.value &&
      dstream?.row.rank === structured?.row.rank;
    const reasons = reasonsOf(id, sides, evidence);
    rows.push({
      id,
      label: first.label,
      ...(first.window === undefined ? {} : { window: first.window }),
      ...sidesOfRow,
      status: statusOf(isEqual, reasons.length),
      reasons,
    });
  }
  return {
    rows: rows.toSorted((a, b) => (a.window?.fromMs ?? 0) - (b.window?.fromMs ?? 0) || orderOf(a, b)),
    fates: records.map(({ id }) => fatesOf(id, evidence)),
    matched: matchedOf(sides.values()),
    notes,
    ...run,
  };
}

function matchedOf(sides: Iterable<RowPair>): Readonly<Record<string, string>> {
  const matched: Record<string, string> = {};
  for (const { dstream, structured } of sides) {
    if (dstream === undefined || structured === undefined) continue;
    const [there, here] = [rowIdOf(dstream.row), rowIdOf(structured.row)];
    if (there !== here) matched[there] = here;
  }
  return matched;
}

/** Within a window by label, without windows by what came first. */
function orderOf(a: ComparedRow, b: ComparedRow): number {
  const [first, second] = [a, b].map(({ dstream, structured }) => (dstream ?? structured)?.row.records[0] ?? 0);
  if (a.window === undefined && first !== second) return (first ?? 0) - (second ?? 0);
  return a.label < b.label ? -1 : Number(a.label > b.label);
}

function statusOf(isEqual: boolean, reasons: number): RowStatus {
  if (!isEqual) return 'differs';
  return reasons === 0 ? 'same' : 'by-chance';
}
