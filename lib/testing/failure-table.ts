import { type MarbleBatch, marbleText, type MarbleValues } from './batch-marbles.ts';
import type { MarbleResult } from './run-marbles.ts';

/** What a failed test shows. */
export interface Difference {
  readonly inputs: readonly (readonly MarbleBatch[])[];
  /** What words stand for. */
  readonly values: MarbleValues | undefined;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
  readonly results: readonly MarbleResult[];
  /** The first batch that differs, from 0. */
  readonly at: number;
  readonly batchMs: number;
}

/**
 * The batches of a failed test as a table, time from left to right: batch time, what each input gave and which of its elements those
 * were, what was expected and what came; an arrow at the first difference; below it the state before that batch and after it.
 */
export function failureTable({ inputs, values, expected, actual, results, at, batchMs }: Difference): string {
  const batches = actual.length;
  const row = (name: string, cell: (batch: number) => string): readonly string[] => [
    name,
    ...Array.from({ length: batches }, (_, batch) => cell(batch)),
  ];
  const rows = [
    row('time', (batch) => `${(batch + 1) * batchMs} ms`),
    ...inputs.flatMap((input, i) => {
      const number = inputs.length === 1 ? '' : ` ${i + 1}`;
      return [
        row(`input${number}`, (batch) => inputText(input[batch], values)),
        row(`offsets${number}`, offsetsOf(input)),
      ];
    }),
    row('expected', (batch) => expected[batch] ?? '~'),
    row('actual', (batch) => actual[batch] ?? '~'),
    row('', (batch) => (batch === at ? '^ first difference' : '')),
  ];
  const states = [
    ...(at === 0 ? [] : stateLines(`before batch ${at + 1}`, results[at - 1])),
    ...stateLines(`after batch ${at + 1}`, results[at]),
  ];
  return [...aligned(rows), ...states].join('\n');
}

/** The elements of a batch as one text; of an unordered one in the order of their texts. */
export function batchText(
  elements: readonly unknown[] | null | undefined,
  ordered: boolean,
  values?: MarbleValues,
): string {
  if (elements === null || elements === undefined) return '~';
  const tokens = elements.map((element) => marbleText(element, values));
  return (ordered ? tokens : tokens.toSorted()).join(' ');
}

function inputText(batch: MarbleBatch | undefined, values: MarbleValues | undefined): string {
  return `${batchText(batch === undefined ? [] : batch.elements, true, values)}${batch?.dies === true ? ' !' : ''}`.trim();
}

/** Which elements of its input a batch holds, counted from 0: from .. until. */
function offsetsOf(input: readonly MarbleBatch[]): (batch: number) => string {
  const until = (batch: number): number =>
    input.slice(0, batch + 1).reduce((sum, { elements }) => sum + (elements?.length ?? 0), 0);
  return (batch) => `${until(batch - 1)}..${until(batch)}`;
}

function stateLines(when: string, result: MarbleResult | undefined): readonly string[] {
  const state = result?.state ?? [];
  if (state.length === 0) return [];
  return [`state ${when}:`, ...state.map(({ operator, entries }) => `  ${operator}: ${entries.join(', ')}`)];
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
}
