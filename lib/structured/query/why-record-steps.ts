import type { TracedRow } from '../operators/physical-operator.ts';
import { hasAllWindows } from '../operators/window-counts.ts';
import { structOfColumns } from '../state-reader/state-layout.ts';
import type { InternalRow, Long } from '../types/data-type.ts';
import { valueKey } from '../types/value-key.ts';
import { reachesBack } from './batch-history.ts';
import type { OperatorRecord } from './checkpoint-match.ts';
import type { ReadRecord } from './record-trace.ts';
import type { RecordStep, WindowAnswer } from './why-answer.ts';
import type { WhyFacts, WhyView } from './why-facts.ts';
import { keyAnswer, keyObject, versionBefore, windowTarget } from './why-keys.ts';
import { describeRecordStep } from './why-record-text.ts';
import { windowAnswers } from './why-windows.ts';

/** A record that makes more rows than this is told of by the first of them. */
const maxSteps = 50;

interface Traced {
  readonly rows: readonly TracedRow[];
  /** What became of it behind the rows that its batch read before it, where that was looked at. */
  readonly earlier: readonly TracedRow[] | undefined;
  readonly record: ReadRecord;
  readonly isBatchKnown: boolean;
}

/** Whether a row was the first of its key where the batch began, so that rows read before it in the batch have to be looked at. */
export function mayBeDuplicate(
  view: WhyView,
  rows: readonly TracedRow[],
  { record, isBatchKnown }: Pick<Traced, 'record' | 'isBatchKnown'>,
): boolean {
  return (
    isBatchKnown &&
    rows.some(
      (row) => isDedupe(stepOf(record, row)) && row.outcome === 'taken' && seenBefore(view, row, record) === false,
    )
  );
}

/** What became of a record at each step, with what is known of its keys and windows now. */
export function recordSteps(view: WhyView, facts: WhyFacts, traced: Traced): readonly RecordStep[] {
  const { operators } = facts.query;
  const own = traced.rows.map((row) => outcomeOf(view, facts, row, traced));
  const doubted = operators.findLastIndex(({ id }) =>
    traced.rows.some((row, i) => row.operator === id && own[i] === 'unknown' && isDedupe(stepOf(traced.record, row))),
  );
  // What may have been a duplicate may not have come further.
  const outcomes = traced.rows.map((row, i) => {
    const isBehind = operators.findIndex(({ id }) => id === row.operator) < doubted;
    return isBehind && own[i] !== 'late' ? 'unknown' : own[i];
  });
  // Steps stand in the order of the plan, those that are nearer to the sink first: what dropped all of it keeps it from those.
  const ends = traced.rows.flatMap((row, i) => {
    const isLast = traced.rows.every(
      ({ operator }, j) => operator !== row.operator || outcomes[j] === 'duplicate' || outcomes[j] === 'late',
    );
    return isLast && outcomes[i] !== 'passed' && isDedupe(stepOf(traced.record, row))
      ? [operators.findIndex(({ id }) => id === row.operator)]
      : [];
  });
  const reached = Math.max(-1, ...ends);
  return traced.rows.slice(0, maxSteps).flatMap((row, i) => {
    const at = operators.findIndex(({ id }) => id === row.operator);
    const step = operators[at];
    const outcome = outcomes[i];
    return step === undefined || outcome === undefined || at < reached
      ? []
      : [stepOfRecord(view, facts, { step, row, outcome })];
  });
}

function stepOfRecord(
  view: WhyView,
  facts: WhyFacts,
  {
    step,
    row,
    outcome,
  }: { readonly step: OperatorRecord; readonly row: TracedRow; readonly outcome: RecordStep['outcome'] },
): RecordStep {
  const { timeUs, startUs, lateWatermarkUs, side } = row;
  const window = windowOf(view, facts, step, row);
  const isLate = outcome === 'late' && timeUs !== null && lateWatermarkUs !== undefined;
  const isKept = outcome !== 'late' && outcome !== 'unmatched' && step.name !== 'globalLimit';
  const state = isKept && window === undefined ? keyAnswer(view, facts, { step, key: row.key }) : undefined;
  const answer: Omit<RecordStep, 'text'> = {
    operator: step.id,
    outcome,
    key: keyObject(step, row.key, facts.zone),
    ...(timeUs === null ? {} : { timeUs: Number(timeUs) }),
    ...(isLate
      ? {
          lateWatermarkMs: Math.floor(lateWatermarkUs / 1000),
          lateByMs: Math.floor((lateWatermarkUs - Number(timeUs)) / 1000),
        }
      : {}),
    ...(side === undefined ? {} : { side, isPadded: isPadded(step, side) }),
    ...(window === undefined ? {} : { window }),
    ...(state === undefined ? {} : { state }),
  };
  return { ...answer, text: describeRecordStep(answer, startUs === null ? null : Number(startUs)) };
}

function isPadded({ layout }: OperatorRecord, side: 'left' | 'right'): boolean {
  const how = layout?.kind === 'sides' ? layout.how : undefined;
  return how === 'full' || how === side;
}

/** The window or the session that a row belongs to. */
function windowOf(view: WhyView, facts: WhyFacts, step: OperatorRecord, row: TracedRow): WindowAnswer | undefined {
  const { windows } = step;
  const { timeUs, startUs, key } = row;
  if (windows === undefined || timeUs === null) return undefined;
  const own = [startUs === null ? null : Number(startUs), Number(timeUs)] as const;
  const span =
    windows.kind === 'sessions' && row.outcome !== 'late' ? sessionAround(view, facts, { step, key, own }) : own;
  return windowAnswers(view, facts, step, windowTarget(span)).find(({ endUs }) => endUs === span[1]);
}

/** The session that a row's own became part of: one in the state, or one that was finished, if there is no doubt which. */
function sessionAround(
  view: WhyView,
  { history }: WhyFacts,
  {
    step,
    key,
    own,
  }: { readonly step: OperatorRecord; readonly key: InternalRow; readonly own: readonly [number | null, number] },
): readonly [number | null, number] {
  const isAround = ([start, end]: readonly [Long | null, Long, ...unknown[]]): boolean =>
    Number(start) <= (own[0] ?? 0) && own[1] <= Number(end);
  const open = view
    .table<InternalRow, readonly (readonly [Long, Long])[]>(step.id, 'sessions')
    .get(key)
    ?.find(isAround);
  if (open !== undefined) return [Number(open[0]), Number(open[1])];
  const closed = history.flatMap(([, entry]) => (entry.closed[step.id] ?? []).filter(isAround));
  const [one] = closed;
  return one === undefined || closed.length > 1 ? own : [one[0], one[1]];
}

function outcomeOf(
  view: WhyView,
  { watermarks, history }: WhyFacts,
  row: TracedRow,
  { record, earlier, isBatchKnown }: Traced,
): RecordStep['outcome'] {
  if (row.outcome !== 'taken') return row.outcome;
  const step = stepOf(record, row);
  if (step?.name === 'globalLimit') return 'unknown';
  const isJudged = row.timeUs !== null && watermarks.length > 0;
  if (isJudged && record.lateWatermarkMs === undefined && !isNeverLate(history, row)) return 'unknown';
  if (!isDedupe(step)) return 'counted';
  const isKnown = isBatchKnown ? seenBefore(view, row, record) : undefined;
  if (isKnown === undefined) return 'unknown';
  if (isKnown) return 'duplicate';
  const nameOf = step === undefined ? undefined : valueKey(structOfColumns(step.keys));
  const again = earlier?.find((other) => other.operator === row.operator && nameOf?.(other.key) === nameOf?.(row.key));
  return again?.outcome === 'duplicate' ? 'duplicate' : 'passed';
}

/** Whether no row at all was too late for the window of a row, as far as the query goes back. */
function isNeverLate(history: WhyFacts['history'], { operator, startUs, timeUs }: TracedRow): boolean {
  if (!reachesBack(history, 0)) return false;
  return history.every(([, { late }]) => {
    const known = late[operator] ?? [];
    return (
      hasAllWindows(known) &&
      !known.some(([start, end]) => end === Number(timeUs) && start === (startUs === null ? null : Number(startUs)))
    );
  });
}

/** Whether a key was in the state when the record's batch began; undefined where that version is not kept any more. */
function seenBefore(view: WhyView, { operator, key }: TracedRow, { batchId }: ReadRecord): boolean | undefined {
  const version = versionBefore(view.commits, batchId);
  if (version === undefined) return undefined;
  return version > 0 && view.table<InternalRow, unknown>(operator, 'seen', version).get(key) !== undefined;
}

function stepOf({ operators }: ReadRecord, { operator }: TracedRow): OperatorRecord | undefined {
  return operators.find(({ id }) => id === operator);
}

function isDedupe(step: OperatorRecord | undefined): boolean {
  return step?.name === 'dedupe' || step?.name === 'dedupeWithinWatermark';
}
