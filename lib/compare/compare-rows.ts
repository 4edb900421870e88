import type { Pair } from './pair.ts';
import { reasonsOf } from './reasons.ts';
import { Results } from './results.ts';
import type { PairRun } from './run-pair.ts';
import type { ComparedRow, CompareRecord, RowStatus, SideRow } from './run-model.ts';
import type { CompareSettings } from './settings.ts';

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
  run: PairRun,
): readonly ComparedRow[] {
  const results = new Results(run, settings.mode, pair.rowsAdd === true);
  const sides = pair.rowsMatchBy === 'label' ? results.pairedByLabel() : results.pairedByRecords();
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
    const reasons = reasonsOf(id, sides, { pair, records, run, results });
    rows.push({
      id,
      label: first.label,
      ...(first.window === undefined ? {} : { window: first.window }),
      ...sidesOfRow,
      status: statusOf(isEqual, reasons.length),
      reasons,
    });
  }
  return rows.toSorted((a, b) => (a.window?.fromMs ?? 0) - (b.window?.fromMs ?? 0) || orderOf(a, b));
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
