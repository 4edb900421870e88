import { compareRows } from './compare-rows.ts';
import type { Pair } from './pair.ts';
import type { ComparedRow, CompareRecord, EngineRun, RunModel, Verdict } from './run-model.ts';
import type { CourseRun } from './run-to-end.ts';
import type { CompareSettings } from './settings.ts';

/** The model of a run: what the engines reported, and what follows from it. */
export function modelOf(
  pair: Pair,
  settings: CompareSettings,
  records: readonly CompareRecord[],
  run: CourseRun,
): RunModel {
  const comparison = compareRows(pair, settings, records, run);
  return {
    v: 1,
    pair: pair.name,
    title: pair.title,
    settings,
    measure: pair.measure,
    records,
    ...run,
    rowsAdd: pair.rowsAdd === true,
    hasGrid: pair.hasGrid === true,
    uses: pair.uses,
    ...(pair.windowLabel === undefined ? {} : { windowLabel: pair.windowLabel }),
    ...comparison,
    verdict: verdictOf(comparison.rows, run.structured),
  };
}

function verdictOf(rows: readonly ComparedRow[], { batches }: EngineRun): Verdict {
  const count = (is: (row: ComparedRow) => boolean): number => rows.filter((row) => is(row)).length;
  const differing = count(({ status }) => status === 'differs');
  return {
    isSame: differing === 0,
    differing,
    byChance: count(({ status }) => status === 'by-chance'),
    waiting: count(({ structured }) => structured?.isWaiting === true),
    lateRows: batches.reduce((sum, { lateRows }) => sum + lateRows, 0),
  };
}
