import type { Time } from '../../kernel/time.ts';
import { nextTurnIfDue } from '../../kernel/turns.ts';
import { functionFailed } from '../../rdd/function-failure.ts';
import { KeyIndex } from '../../rdd/key-index.ts';
import type { Pair } from '../../rdd/pair.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { type StateTable, unchanged, warmKeys } from '../../store/state-table.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { DStreamNode, type StreamAt } from '../dstream-node.ts';
import type { Step } from '../step.ts';
import { timesBetween } from '../window-length.ts';
import { SliceStore, StoringSlice } from './slice-store.ts';
import { StateChain } from './state-view.ts';

export interface InverseWindow<K, V> {
  readonly reduce: (a: V, b: V) => V;
  /** Takes what left the window out of a value: `inverse(value, leaving)`. */
  readonly inverse: (a: V, b: V) => V;
  readonly lengthMs: number;
  /** Not longer than the window. */
  readonly slideMs: number;
  readonly numPartitions: number;
  /** Keys it says no to leave the result and the state. */
  readonly filter: ((pair: [K, V]) => unknown) | undefined;
}

/**
 * The reduced value of each key over a sliding window, carried along instead of computed anew: the batches that left are taken out, those
 * that entered are added. Only keys of those batches are touched.
 *
 * Its input is the stream already reduced by key, in the same partitions. For each key: the old value, then `inverse` with the reduce
 * of the leaving batches, then `reduce` with that of the entering ones, each from left to right, oldest first. Without a filter a key
 * stays for ever. A key that has no carried value (it was filtered out before) counts as absent: what leaves is ignored.
 *
 * State: the running value of each key, which leaves by the filter only, and the slices inside the window.
 */
export class InverseWindowNode<K, V> extends DStreamNode<[K, V]> {
  readonly dependencies: readonly [DStreamNode<Pair<K, V>>];
  readonly #window: InverseWindow<K, V>;

  constructor(step: Step, reduced: DStreamNode<Pair<K, V>>, window: InverseWindow<K, V>, part?: string) {
    super(step, window.slideMs, part);
    this.dependencies = [reduced];
    this.#window = window;
  }

  override get needsCheckpoint(): boolean {
    return true;
  }

  override get statePartitions(): number {
    return this.#window.numPartitions;
  }

  override get hasCursor(): boolean {
    return true;
  }

  override inputsRememberMs(ownMs: number): number {
    return ownMs + this.#window.lengthMs;
  }

  override demand(time: Time, cursor: Time): readonly StreamAt[] {
    const [reduced] = this.dependencies;
    return timesBetween(cursor, time, reduced.slideMs, cursor).map((at) => ({ node: reduced, time: at }));
  }

  async compute(time: Time, graph: BatchGraph): Promise<RddNode<[K, V]> | undefined> {
    const chain = graph.runOf(this, () => new StateChain<K, V>(this, graph));
    if (time <= chain.computedUntil) return undefined;
    for (const at of timesBetween(chain.computedUntil, time - 1, this.slideMs, graph.zeroTime))
      await graph.at(this, at);
    const [reduced] = this.dependencies;
    const { lengthMs, slideMs, numPartitions } = this.#window;
    const slices = new SliceStore<Pair<K, V>>(this, graph);
    const entering: RddNode<Pair<K, V>>[] = [];
    const enteringTimes: Time[] = [];
    for (const at of timesBetween(time - slideMs, time, reduced.slideMs, graph.zeroTime)) {
      const rdd = slices.has(at) ? slices.stored(at) : await graph.at(reduced, at);
      if (rdd === undefined) continue;
      entering.push(rdd);
      enteringTimes.push(at);
    }
    return chain.advance(time, numPartitions, async () => {
      const operator = graph.idOf(this);
      const storing = entering.map((rdd, i) => slices.keeping(enteringTimes[i] as Time, rdd));
      // Slices are dropped at the end of a batch, and one batch may advance the window several times: what left before is still there.
      const leaving = slices
        .storedUntil(time - lengthMs)
        .filter((at) => at > time - slideMs - lengthMs)
        .map((at) => slices.stored(at));
      for (let partition = 0; partition < numPartitions; partition++) {
        if (partition > 0) await nextTurnIfDue();
        const left = await this.#fold(leaving, partition, operator);
        const entered = await this.#fold(storing, partition, operator);
        this.#carry(chain.table(partition), left, entered, operator);
      }
      for (const slice of storing) if (slice instanceof StoringSlice) await slice.complete();
      graph.deferLast(() => {
        slices.dropUntil(time - lengthMs);
      });
    });
  }

  override async collect(time: Time, graph: BatchGraph): Promise<void> {
    const slices = new SliceStore<Pair<K, V>>(this, graph);
    if (time <= graph.cursorOf(this) || slices.has(time)) return;
    // At its own times the window takes up the batch itself, when it is computed.
    if (graph.isValid(this, time)) return;
    const rdd = await graph.at(this.dependencies[0], time);
    if (rdd === undefined) return;
    graph.defer(async () => {
      await slices.storing(time, rdd).complete();
    });
  }

  /** The values of each key over some slices, reduced from left to right. A slice has each key once: one alone needs no look-ups. */
  async #fold(slices: readonly RddNode<Pair<K, V>>[], partition: number, operator: string): Promise<Folded<K, V>> {
    const values: V[] = [];
    const [only] = slices;
    if (only !== undefined && slices.length === 1) {
      const keys: K[] = [];
      await only.compute(partition, ([key, value]) => {
        keys.push(key);
        values.push(value);
      });
      return { keys, values, index: undefined };
    }
    const index = new KeyIndex<K>();
    const { reduce } = this.#window;
    for (const slice of slices) {
      await slice.compute(partition, ([key, value]) => {
        const known = index.find(key);
        if (known >= 0) {
          values[known] = this.#call(reduce, values[known] as V, value, operator);
          return;
        }
        index.add(key);
        values.push(value);
      });
    }
    return { keys: index.keys, values, index };
  }

  /** One look-up in the table for each key that leaves, enters or does both. */
  #carry(table: StateTable<K, V>, left: Folded<K, V>, entered: Folded<K, V>, operator: string): void {
    const { reduce, inverse } = this.#window;
    const hasEntered = new Uint8Array(left.values.length);
    const leavingKeys = left.index ?? indexOf(left.keys);
    for (let i = 0; i < entered.values.length; i++) {
      if (i % warmKeys === 0) table.warm(entered.keys.slice(i, i + warmKeys));
      const key = entered.keys[i] as K;
      const value = entered.values[i] as V;
      const leaving = leavingKeys.find(key);
      if (leaving >= 0) hasEntered[leaving] = 1;
      table.revise(key, (carried) => {
        if (carried === undefined) return this.#kept(table, key, value, operator);
        const rest = leaving < 0 ? carried : this.#call(inverse, carried, left.values[leaving] as V, operator);
        return this.#kept(table, key, this.#call(reduce, rest, value, operator), operator);
      });
    }
    for (let leaving = 0; leaving < left.values.length; leaving++) {
      if (hasEntered[leaving] === 1) continue;
      const key = left.keys[leaving] as K;
      table.revise(key, (carried) =>
        carried === undefined
          ? unchanged
          : this.#kept(table, key, this.#call(inverse, carried, left.values[leaving] as V, operator), operator),
      );
    }
  }

  /** What the key is to have: nothing where the filter says no. */
  #kept(table: StateTable<K, V>, key: K, value: V, operator: string): V | null | typeof unchanged {
    const { filter } = this.#window;
    if (filter !== undefined) {
      let isKept: unknown;
      try {
        isKept = filter([key, value]);
      } catch (error) {
        throw functionFailed(operator, error);
      }
      if (!isKept) return null;
    }
    if (value !== null && value !== undefined) return value;
    // A value like any other here; for `revise` it would be none.
    table.put(key, value);
    return unchanged;
  }

  #call(combine: (a: V, b: V) => V, a: V, b: V, operator: string): V {
    try {
      return combine(a, b);
    } catch (error) {
      throw functionFailed(operator, error);
    }
  }
}

/** Keys of some slices, with the value of each by its number. */
interface Folded<K, V> {
  readonly keys: readonly K[];
  readonly values: readonly V[];
  /** Where one was needed. */
  readonly index: KeyIndex<K> | undefined;
}

function indexOf<K>(keys: readonly K[]): KeyIndex<K> {
  const index = new KeyIndex<K>();
  for (const key of keys) index.add(key);
  return index;
}
