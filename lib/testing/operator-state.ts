import type { StateStore } from '../store/state-store.ts';
import { marbleText, type MarbleValues } from './batch-marbles.ts';

/** What one step keeps, in words. */
export interface OperatorState {
  readonly operator: string;
  /** Keys with their states; batches of a window as `time ms: elements`. */
  readonly entries: readonly string[];
}

/** Tables that say how far a step has come and where its slices are; nothing that a test could expect. */
const bookkeeping: ReadonlySet<string> = new Set(['progress', 'slice-index', 'expiry', 'expiry-index']);

/** What the steps of a program carry into the next batch, as it was committed. A step that keeps nothing is left out. */
export function stateOf(store: StateStore | undefined, values?: MarbleValues): readonly OperatorState[] {
  const version = store?.lastCommitted?.version;
  if (store === undefined || version === undefined) return [];
  const entries = new Map<string, string[]>();
  for (const { operator, name, partition } of store.tablesAt(version)) {
    if (bookkeeping.has(name)) continue;
    for (const [key, value] of store.tableAt(version, operator, name, partition).entries()) {
      const text = name === 'slices' ? sliceText(key, value, values) : marbleText([key, value], values);
      entries.set(operator, [...(entries.get(operator) ?? []), text]);
    }
  }
  return [...entries].map(([operator, texts]) => ({ operator, entries: texts.toSorted() }));
}

function sliceText(key: unknown, slice: unknown, values: MarbleValues | undefined): string {
  const [time] = key as readonly [time: number];
  return `${time} ms: ${(slice as readonly unknown[]).map((element) => marbleText(element, values)).join(' ')}`;
}
