import type { OperatorRecord } from './checkpoint-match.ts';
import type { KnownWindow, WhyFacts, WhyView } from './why.ts';
import type { WhyTarget } from './why-target.ts';

type Row = readonly unknown[];
type Span = readonly [startUs: number | null, endUs: number];

/**
 * The windows that a question means: those in state, and those that the history knows as closed or as missed by late rows. A window that
 * was named and of which nothing is known is an answer, too.
 */
export function windowsIn(
  view: WhyView,
  facts: WhyFacts,
  { id, windows }: OperatorRecord,
  target: Exclude<WhyTarget, { kind: 'record' }>,
): readonly KnownWindow[] {
  if (windows === undefined) return [];
  const found = new Map<string, { span: Span; groups: number }>();
  /** Any window of the step, for windows that nothing is known of. */
  let like: Span | undefined;
  const add = (span: Span, groups: number): void => {
    if (windows.kind === 'key') like ??= span;
    if (!isMeant(span, target)) return;
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

function isMeant([startUs, endUs]: Span, target: Exclude<WhyTarget, { kind: 'record' }>): boolean {
  if (target.kind === 'window') return startUs === target.startUs && endUs === target.endUs;
  return startUs === null ? endUs === target.timeUs : startUs <= target.timeUs && target.timeUs < endUs;
}
