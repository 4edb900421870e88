import type { OperatorRecord } from './checkpoint-match.ts';
import type { WindowAnswer } from './why-answer.ts';
import type { WhyFacts, WhyView } from './why-facts.ts';
import type { WhyTarget } from './why-target.ts';
import { describeWindow } from './why-text.ts';

type Row = readonly unknown[];
/** A time, with which all windows around it are meant, or one window. */
export type SpanTarget = Extract<WhyTarget, { kind: 'time' | 'window' }>;

type Span = readonly [startUs: number | null, endUs: number];

/** A window of a step, with what is known of it. */
interface KnownWindow {
  readonly startUs: number | null;
  readonly endUs: number;
  /** Groups in state. */
  readonly groups: number;
}

/** What a step with windows knows of those that a question means. */
export function windowAnswers(
  view: WhyView,
  facts: WhyFacts,
  step: OperatorRecord,
  target: SpanTarget,
): readonly WindowAnswer[] {
  return windowsIn(view, facts, step, target).map((window) => windowAnswer(facts, step, window));
}

function windowAnswer(facts: WhyFacts, { id, windows }: OperatorRecord, window: KnownWindow): WindowAnswer {
  const { startUs, endUs, groups } = window;
  const reachUs = endUs + (windows?.lagUs ?? 0);
  const isSame = ([start, end]: readonly [number | null, number, number]) => end === endUs && start === startUs;
  const closing = facts.history.find(([, entry]) => entry.closed[id]?.some(isSame) === true);
  const closed = closing?.[1].closed[id]?.find(isSame);
  const mover = facts.history.find(
    ([, { move, watermarkMs, nextWatermarkMs }]) =>
      move !== undefined && (move.isIdle ? Math.max(watermarkMs, nextWatermarkMs) : nextWatermarkMs) * 1000 >= reachUs,
  );
  const hasPassed = facts.nextWatermarkMs * 1000 >= reachUs;
  const answer: Omit<WindowAnswer, 'text'> = {
    operator: id,
    startUs,
    endUs,
    state: facts.watermarkMs * 1000 >= reachUs ? 'closed' : hasPassed ? 'due' : 'open',
    groups: closed?.[2] ?? groups,
    ...(closing === undefined ? {} : { closedInBatch: closing[0] }),
    ...(!hasPassed || mover?.[1].move === undefined
      ? {}
      : {
          closedBy: {
            ...mover[1].move,
            batchId: mover[0],
            watermarkMs: mover[1].move.isIdle
              ? Math.max(mover[1].watermarkMs, mover[1].nextWatermarkMs)
              : mover[1].nextWatermarkMs,
          },
        }),
    late: facts.history.flatMap(([batchId, { late }]) =>
      (late[id] ?? []).filter(isSame).map(([, , rows]) => ({ batchId, rows })),
    ),
    waitsFor: hasPassed
      ? []
      : facts.watermarks.flatMap(({ column, sources, delayMs }, i) =>
          (facts.nodeWatermarksMs[i] ?? 0) * 1000 >= reachUs
            ? []
            : [{ column, sources, eventTimeUs: reachUs + delayMs * 1000 }],
        ),
  };
  return { ...answer, text: describeWindow(answer, facts) };
}

/**
 * The windows that a question means: those in state, and those that the history knows as closed or as missed by late rows. A window that
 * was named and of which nothing is known is an answer, too.
 */
function windowsIn(
  view: WhyView,
  facts: WhyFacts,
  { id, windows }: OperatorRecord,
  target: SpanTarget,
): readonly KnownWindow[] {
  if (windows === undefined) return [];
  const found = new Map<string, { span: Span; groups: number }>();
  /** Any window of the step, for windows that nothing is known of. */
  let like: Span | undefined;
  const add = (span: Span, groups: number): void => {
    if (windows.kind === 'key') like ??= span;
    if (!spanIsMeant(span, target)) return;
    const name = span.join(':');
    const known = found.get(name);
    if (known === undefined) found.set(name, { span, groups });
    else known.groups += groups;
  };
  for (const [key, value] of view.table<Row, unknown>(id, windows.table).entries()) {
    if (windows.kind === 'sessions') for (const session of value as readonly Row[]) add(spanOf(session), 1);
    else if (windows.kind === 'key') add(spanOf(key[windows.at] as Row | null), 1);
    else add([null, Number(key[windows.at])], 1);
  }
  for (const [, { closed, late }] of facts.history) {
    for (const [startUs, endUs] of [...(closed[id] ?? []), ...(late[id] ?? [])]) add([startUs, endUs], 0);
  }
  if (found.size === 0) {
    const [startUs, endUs] =
      target.kind === 'window' ? [target.startUs, target.endUs] : spanAround(target.timeUs, like);
    return [{ startUs, endUs, groups: 0 }];
  }
  return [...found.values()]
    .map(({ span: [startUs, endUs], groups }) => ({ startUs, endUs, groups }))
    .toSorted((one, other) => one.endUs - other.endUs || (one.startUs ?? 0) - (other.startUs ?? 0));
}

/** Where the window with a time would be, if windows are as long as another one and follow each other. */
function spanAround(timeUs: number, like: Span | undefined): Span {
  if (like === undefined || like[0] === null || Number.isNaN(like[1])) return [null, timeUs];
  const length = like[1] - like[0];
  const startUs = like[0] + Math.floor((timeUs - like[0]) / length) * length;
  return [startUs, startUs + length];
}

function spanOf(window: Row | null): Span {
  return window === null ? [null, Number.NaN] : [Number(window[0]), Number(window[1])];
}

export function spanIsMeant([startUs, endUs]: Span, target: SpanTarget): boolean {
  if (target.kind === 'window') return startUs === target.startUs && endUs === target.endUs;
  return startUs === null ? endUs === target.timeUs : startUs <= target.timeUs && target.timeUs < endUs;
}
