import type { RowPair } from './compare-rows.ts';
import { isLate } from './late.ts';
import type { Pair } from './pair.ts';
import type { Results } from './results.ts';
import type { CompareRecord, EngineName, Fate, Reason, ResultRow, RunBatch, SideRow, TimeSpan } from './run-model.ts';

/** All that reasons are read from. */
export interface Evidence {
  readonly pair: Pair;
  readonly records: readonly CompareRecord[];
  readonly results: Results;
  /** Length of the windows of a pair that has a grid of them. */
  readonly windowMs: number;
}

/**
 * Why a row differs: each record that is in it on one side only, by what the engines reported about it. With ranks also the records that
 * moved another row of the window across this one.
 *
 * The amounts of the reasons about a row, those of DStream less those of structured, are the difference of its values.
 */
export function reasonsOf(id: string, sides: ReadonlyMap<string, RowPair>, evidence: Evidence): readonly Reason[] {
  const row = sides.get(id) ?? {};
  const reasons = reasonsAbout(id, row, evidence);
  if ((row.dstream ?? row.structured)?.row.rank === undefined) return reasons;
  for (const [other, rival] of sides) {
    if (other !== id && crosses(row, rival)) reasons.push(...reasonsAbout(other, rival, evidence));
  }
  return reasons;
}

/** What both engines did with a record, whatever row one looks from. */
export function fatesOf(id: number, evidence: Evidence): Readonly<Record<EngineName, Fate>> {
  return {
    dstream: fateOf('dstream', id, undefined, undefined, evidence),
    structured: fateOf('structured', id, undefined, undefined, evidence),
  };
}

function reasonsAbout(about: string, { dstream, structured }: RowPair, evidence: Evidence): Reason[] {
  const here = { dstream: dstream?.row, structured: structured?.row };
  const window = here.dstream?.window ?? here.structured?.window;
  const reason = (record: number, counted: EngineName): Reason => ({
    record,
    about,
    counted,
    amount: evidence.pair.amountOf(recordOf(evidence, record)),
    dstream: fateOf('dstream', record, here.dstream, window, evidence),
    structured: fateOf('structured', record, here.structured, window, evidence),
  });
  const [inDStream, inStructured] = [new Set(here.dstream?.records), new Set(here.structured?.records)];
  return [
    ...[...inDStream].filter((record) => !inStructured.has(record)).map((record) => reason(record, 'dstream')),
    ...[...inStructured].filter((record) => !inDStream.has(record)).map((record) => reason(record, 'structured')),
  ];
}

/** Whether another row of the window stands before this one in one result and after it in the other. */
function crosses(row: RowPair, rival: RowPair): boolean {
  const [mine, theirs] = [row.dstream ?? row.structured, rival.dstream ?? rival.structured];
  if (mine?.row.rank === undefined || theirs?.row.rank === undefined) return false;
  if (mine.row.window?.fromMs !== theirs.row.window?.fromMs) return false;
  return isBefore(rival.dstream, row.dstream) !== isBefore(rival.structured, row.structured);
}

function isBefore(a: SideRow | undefined, b: SideRow | undefined): boolean {
  return (a?.row.rank ?? Number.POSITIVE_INFINITY) < (b?.row.rank ?? Number.POSITIVE_INFINITY);
}

function fateOf(
  engine: EngineName,
  id: number,
  here: ResultRow | undefined,
  window: ResultRow['window'],
  { pair, records, results, windowMs }: Evidence,
): Fate {
  const batch = results.batchOf(engine, id);
  if (batch === undefined) return { kind: 'unread' };
  const record = recordOf({ records }, id);
  const within = pair.hasGrid === true ? gridWindow(engine, batch, record, windowMs) : undefined;
  const read = { batch: batch.number, timeMs: batch.timeMs, ...(within === undefined ? {} : { within }) };
  if (here?.records.includes(id) === true) return { kind: 'here', ...read };
  const rows = results
    .rowsOf(engine, id)
    .map(({ label, window }) => (window === undefined ? { label } : { label, window }));
  const belongsHere = window !== undefined && record.eventMs >= window.fromMs && record.eventMs < window.untilMs;
  if (rows.length > 0 && !(belongsHere && isLate(batch, window.untilMs))) return { kind: 'elsewhere', ...read, rows };
  const { lateWatermarkMs: watermarkMs } = batch;
  // By its window a record is late when that has ended: one that is older than the watermark may still come in time.
  if (watermarkMs !== undefined && isLate(batch, within?.untilMs ?? record.eventMs)) {
    return { kind: 'late', ...read, watermarkMs, lateMs: watermarkMs - record.eventMs };
  }
  const others = [...results.rows[engine].values()].filter(
    ({ row }) => pair.keepsOne === true && row.label === record.key,
  );
  const of = others[0]?.row.records[0];
  if (others.length > 0) return { kind: 'duplicate', ...read, ...(of === undefined ? {} : { of }) };
  return { kind: 'nowhere', ...read, what: pair.leftOut ?? 'put it in no row' };
}

/** The window that a record is in: of batches in a DStream, which end with it, and of event times in a query. */
function gridWindow(engine: EngineName, { timeMs }: RunBatch, { eventMs }: CompareRecord, windowMs: number): TimeSpan {
  const fromMs =
    engine === 'dstream'
      ? Math.ceil(timeMs / windowMs) * windowMs - windowMs
      : Math.floor(eventMs / windowMs) * windowMs;
  return { fromMs, untilMs: fromMs + windowMs };
}

function recordOf({ records }: Pick<Evidence, 'records'>, id: number): CompareRecord {
  return records[id] as CompareRecord;
}
