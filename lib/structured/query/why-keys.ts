import { raise } from '../../kernel/errors.ts';
import type { CommitRecord } from '../../store/state-store.ts';
import { jsonWriter } from '../functions/json/to-json.ts';
import { structOfColumns } from '../state-reader/state-layout.ts';
import { toInternal } from '../types/conversion.ts';
import type { InternalRow } from '../types/data-type.ts';
import { valueKey } from '../types/value-key.ts';
import type { OperatorRecord } from './checkpoint-match.ts';
import type { KeyAnswer, WindowAnswer } from './why-answer.ts';
import type { WhyFacts, WhyView } from './why-facts.ts';
import { type Holding, holdings, keyTables } from './why-holdings.ts';
import { describeKey } from './why-key-text.ts';
import type { WhyTarget } from './why-target.ts';
import { type SpanTarget, spanIsMeant, windowAnswers } from './why-windows.ts';

/** So many are told of. */
const maxKeys = 100;
/** Since when a key is in the state is looked for until so many rows of earlier versions were read. */
const maxRowsOfVersions = 1_000_000;

/** What every step that has keys of these names knows of the values. */
export function keyAnswers(
  view: WhyView,
  facts: WhyFacts,
  { key, span }: Extract<WhyTarget, { kind: 'key' }>,
): readonly KeyAnswer[] {
  const { operators } = facts.query;
  const asked = operators.flatMap((step) => {
    const isMeant = keyMatcher(step, key, facts.zone);
    return isMeant === undefined ? [] : [{ step, isMeant }];
  });
  if (asked.length === 0) {
    const known = operators.flatMap(({ id, keys }) => keys.map(({ name }) => `${id}: ${name}`));
    raise('WHY_NO_KEY', { asked: Object.keys(key).join(', ') || 'none', known: known.join(', ') || 'none' });
  }
  return asked.flatMap(({ step, isMeant }) => answersOf(view, facts, { step, isMeant, key, span }));
}

interface AskedKey {
  readonly step: OperatorRecord;
  readonly isMeant: (key: InternalRow) => boolean;
  readonly key: Readonly<Record<string, unknown>>;
  readonly span: SpanTarget | undefined;
}

function answersOf(view: WhyView, facts: WhyFacts, { step, isMeant, key, span }: AskedKey): readonly KeyAnswer[] {
  const found: KeyAnswer[] = [];
  for (const holding of holdings(step, (name) => view.table(step.id, name))) {
    if (!isMeant(holding.key) || (span !== undefined && !isIn(holding, span))) continue;
    found.push(heldAnswer(view, facts, step, holding));
    if (found.length === maxKeys) return found;
  }
  if (found.length > 0) return found;
  if (span === undefined || step.windows === undefined) {
    return [told(facts, step, { operator: step.id, key, isInState: false })];
  }
  return windowAnswers(view, facts, step, span).map((window) => {
    const finishedInBatch = finishedIn(view, step, window, isMeant);
    return told(
      facts,
      step,
      {
        operator: step.id,
        key,
        startUs: window.startUs,
        endUs: window.endUs,
        isInState: false,
        ...(finishedInBatch === undefined ? {} : { finishedInBatch }),
      },
      window,
    );
  });
}

/** What a step knows of one key exactly: of its state, or that it is not there. */
export function keyAnswer(
  view: WhyView,
  facts: WhyFacts,
  { step, key }: { readonly step: OperatorRecord; readonly key: InternalRow },
): KeyAnswer {
  const type = structOfColumns(step.keys);
  const nameOf = valueKey(type);
  const name = nameOf(key);
  for (const holding of holdings(step, (table) => view.table(step.id, table))) {
    if (nameOf(holding.key) === name) return heldAnswer(view, facts, step, holding);
  }
  return told(facts, step, { operator: step.id, key: keyObject(step, key, facts.zone), isInState: false });
}

function heldAnswer(view: WhyView, facts: WhyFacts, step: OperatorRecord, holding: Holding): KeyAnswer {
  const { key, span, leavesAtUs, rows, timersMs, variables } = holding;
  const sinceBatch = sinceWhen(view, step, key);
  const [window] =
    span === undefined || step.windows === undefined
      ? []
      : windowAnswers(view, facts, step, windowTarget(span)).filter(({ endUs }) => endUs === span[1]);
  return told(
    facts,
    step,
    {
      operator: step.id,
      key: keyObject(step, key, facts.zone),
      ...(span === undefined ? {} : { startUs: span[0], endUs: span[1] }),
      isInState: true,
      ...(sinceBatch === undefined ? {} : { sinceBatch }),
      ...(leavesAtUs === undefined ? {} : { leavesAtUs }),
      ...(rows === undefined ? {} : { rows }),
      ...(timersMs === undefined ? {} : { timersMs }),
      ...(variables === undefined ? {} : { variables }),
    },
    window,
  );
}

function told(
  facts: WhyFacts,
  step: OperatorRecord,
  answer: Omit<KeyAnswer, 'text'>,
  window?: WindowAnswer,
): KeyAnswer {
  return { ...answer, text: describeKey(answer, step, facts, window) };
}

/** The question for one window. */
export function windowTarget([startUs, endUs]: readonly [number | null, number]): SpanTarget {
  return startUs === null ? { kind: 'time', timeUs: endUs } : { kind: 'window', startUs, endUs };
}

/** The batch since which a key has been in the state without a break; undefined where that is longer ago than is known. */
function sinceWhen(view: WhyView, step: OperatorRecord, key: InternalRow): number | undefined {
  const { commits } = view;
  const tables = keyTables(step);
  let rows = 0;
  for (let i = commits.length - 2; i >= -1; i--) {
    const commit = commits[i];
    const later = commits[i + 1] as CommitRecord;
    // Before the first version there was nothing.
    if (commit === undefined) return later.version === 1 ? later.batchTime : undefined;
    const held = tables.some((name) => {
      const table = view.table<InternalRow, unknown>(step.id, name, commit.version);
      rows += table.size;
      return table.get(key) !== undefined;
    });
    if (!held) return later.batchTime;
    if (rows > maxRowsOfVersions) return undefined;
  }
  return undefined;
}

/** The version that a batch found; undefined where it is not kept any more, 0 where there was none yet: before the first batch. */
export function versionBefore(commits: readonly CommitRecord[], batchId: number): number | undefined {
  if (batchId === 0) return 0;
  const before = commits.findLast(({ batchTime }) => batchTime < batchId);
  return before?.version ?? (commits[0]?.version === 1 ? 0 : undefined);
}

/** The batch that closed a window, if the window had a group of the key before. */
function finishedIn(
  view: WhyView,
  step: OperatorRecord,
  { closedInBatch, startUs, endUs }: WindowAnswer,
  isMeant: (key: InternalRow) => boolean,
): number | undefined {
  const version = closedInBatch === undefined ? undefined : versionBefore(view.commits, closedInBatch);
  if (version === undefined || version === 0) return undefined;
  for (const { key, span } of holdings(step, (name) => view.table(step.id, name, version))) {
    if (span?.[0] === startUs && span[1] === endUs && isMeant(key)) return closedInBatch;
  }
  return undefined;
}

function isIn({ span }: Holding, target: SpanTarget): boolean {
  return span === undefined || spanIsMeant(span, target);
}

/** Whether a key has the values that are asked for; undefined where the step has no keys of such names, or none of such types. */
function keyMatcher(
  step: OperatorRecord,
  asked: Readonly<Record<string, unknown>>,
  zone: string,
): ((key: InternalRow) => boolean) | undefined {
  const { fields } = structOfColumns(step.keys);
  const checks: ((key: InternalRow) => boolean)[] = [];
  for (const [name, value] of Object.entries(asked)) {
    const at = fields.findIndex((field) => field.name.toLowerCase() === name.toLowerCase());
    const field = fields[at];
    if (field === undefined) return undefined;
    const nameOf = valueKey(field.type);
    const wanted = nameOf(toInternal(field.type, zone, name)(value));
    checks.push((key) => nameOf(key[at] ?? null) === wanted);
  }
  return checks.length === 0 ? undefined : (key) => checks.every((check) => check(key));
}

/** A key for people, without its window. */
export function keyObject(step: OperatorRecord, key: InternalRow, zone: string): Readonly<Record<string, unknown>> {
  const type = structOfColumns(step.keys);
  const text = jsonWriter(type, zone, { ignorenullfields: 'false' })(key);
  const shown = JSON.parse(text) as Record<string, unknown>;
  const { windows } = step;
  if (windows === undefined || windows.kind === 'sessions') return shown;
  const window = type.fields[windows.at]?.name;
  return Object.fromEntries(Object.entries(shown).filter(([name]) => name !== window));
}
