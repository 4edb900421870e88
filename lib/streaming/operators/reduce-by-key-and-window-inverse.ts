import type { Time } from '../../kernel/time.ts';
import { nextTurnIfDue } from '../../kernel/turns.ts';
import { functionFailed } from '../../rdd/function-failure.ts';
import type { Pair } from '../../rdd/pair.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { type StateTable, unchanged, warmKeys } from '../../store/state-table.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { DStreamNode, type StreamAt } from '../dstream-node.ts';
import type { Step } from '../step.ts';
import { timesBetween } from '../window-length.ts';
import { SliceStore, StoringSlice } from './slice-store.ts';
import { StateChain } from './state-view.ts';
import { type NumberedSlice, WindowKeys } from './window-keys.ts';

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
 * State: the running value of each key, which leaves by the filter only, and the slices inside the window. What makes it quick is in memory
 * beside it (`WindowKeys`).
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

  override get isBuiltAlike(): boolean {
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
    const { chain, known } = graph.runOf(this, () => ({
      chain: new StateChain<K, V>(this, graph),
      known: new WindowKeys<K, V>(),
    }));
    if (time <= chain.computedUntil) return undefined;
    for (const at of timesBetween(chain.computedUntil, time - 1, this.slideMs, graph.zeroTime))
      await graph.at(this, at);
    const [reduced] = this.dependencies;
    const { lengthMs, slideMs, numPartitions } = this.#window;
    const slices = new SliceStore<Pair<K, V>>(this, graph);
    const entering: RddNode<Pair<K, V>>[] = [];
    const enteringTimes: Time[] = [];
    /** Those that are not stored yet. */
    const inputs: RddNode<unknown>[] = [];
    for (const at of timesBetween(time - slideMs, time, reduced.slideMs, graph.zeroTime)) {
      const isStored = slices.has(at);
      const rdd = isStored ? slices.stored(at) : await graph.at(reduced, at);
      if (rdd === undefined) continue;
      if (!isStored) inputs.push(rdd);
      entering.push(rdd);
      enteringTimes.push(at);
    }
    return chain.advance({ time, partitions: numPartitions, inputs }, async () => {
      const operator = graph.idOf(this);
      const storing = entering.map((rdd, i) => slices.keeping(enteringTimes[i] as Time, rdd));
      // Slices are dropped at the end of a batch, and one batch may advance the window several times: what left before is still there.
      const leaving = slices.storedUntil(time - lengthMs).filter((at) => at > time - slideMs - lengthMs);
      known.begin();
      let moved = 0;
      for (let partition = 0; partition < numPartitions; partition++) {
        if (partition > 0) await nextTurnIfDue();
        const left: NumberedSlice<V>[] = [];
        for (const at of leaving) left.push(await known.leaving(at, slices.stored(at), partition));
        const entered: NumberedSlice<V>[] = [];
        for (const [i, slice] of storing.entries()) {
          entered.push(await known.entering(enteringTimes[i] as Time, slice, partition));
        }
        const out = this.#fold(left, known, operator);
        const into = this.#fold(entered, known, operator);
        new Carrying({ window: this.#window, table: chain.table(partition), known, partition, operator }).move(
          out,
          into,
        );
        moved += out.ids.length + into.ids.length;
      }
      known.end(moved);
      for (const slice of storing) if (slice instanceof StoringSlice) await slice.complete();
      graph.deferLast(() => {
        slices.dropUntil(time - lengthMs);
        known.forgetUntil(time - lengthMs);
      });
    });
  }

  override async collect(time: Time, graph: BatchGraph): Promise<void> {
    const slices = new SliceStore<Pair<K, V>>(this, graph);
    if (time <= graph.cursorOf(this) || slices.has(time)) return;
    // At its own times the window takes up the batch itself, when it is computed.
    if (graph.isValid(this, time)) return;
    const rdd = await graph.at(this.dependencies[0], time);
    if (rdd === undefined || graph.collectsApart({ node: this, time, inputs: [rdd] })) return;
    graph.defer(async () => {
      await slices.storing(time, rdd).complete();
    });
  }

  /** The values of each key over some slices, reduced from left to right. */
  #fold(slices: readonly NumberedSlice<V>[], known: WindowKeys<K, V>, operator: string): NumberedSlice<V> {
    const [only] = slices;
    if (only !== undefined && slices.length === 1) return only;
    const { reduce } = this.#window;
    /** By key: its place in the lists, plus 1. */
    const at = new Int32Array(known.dictionary.keys.length);
    const ids: number[] = [];
    const values: V[] = [];
    for (const slice of slices) {
      for (let i = 0; i < slice.ids.length; i++) {
        const id = slice.ids[i] as number;
        const value = slice.values[i] as V;
        const before = (at[id] as number) - 1;
        if (before < 0) {
          at[id] = ids.push(id);
          values.push(value);
        } else values[before] = called(reduce, values[before] as V, value, operator);
      }
    }
    return { ids: Int32Array.from(ids), values };
  }
}

interface CarryingOptions<K, V> {
  readonly window: InverseWindow<K, V>;
  /** One partition of the state. */
  readonly table: StateTable<K, V>;
  readonly known: WindowKeys<K, V>;
  readonly partition: number;
  readonly operator: string;
}

/** One partition of a window on its way to its next time: each key that leaves, enters or does both is looked at once. */
class Carrying<K, V> {
  readonly #window: InverseWindow<K, V>;
  readonly #table: StateTable<K, V>;
  readonly #keys: readonly K[];
  /** Where keys are in the table; undefined where their numbers do not last. */
  readonly #places: Float64Array | undefined;
  readonly #operator: string;
  // The key that is looked at.
  #key: K | undefined;
  #leaving: V | undefined;
  #entering: V | undefined;
  #isLeaving = false;

  constructor({ window, table, known, partition, operator }: CarryingOptions<K, V>) {
    this.#window = window;
    this.#table = table;
    this.#keys = known.dictionary.keys;
    this.#places = known.dictionary.isLasting ? known.placesIn(partition) : undefined;
    this.#operator = operator;
  }

  move(left: NumberedSlice<V>, entered: NumberedSlice<V>): void {
    /** By key: its place among those that leave, plus 1; 0 once it has been looked at. */
    const leavingAt = new Int32Array(this.#keys.length);
    for (let i = 0; i < left.ids.length; i++) leavingAt[left.ids[i] as number] = i + 1;
    for (let i = 0; i < entered.ids.length; i++) {
      if (i % warmKeys === 0) this.#warm(entered.ids, i);
      const id = entered.ids[i] as number;
      const leaving = leavingAt[id] as number;
      leavingAt[id] = 0;
      this.#isLeaving = leaving > 0;
      if (leaving > 0) this.#leaving = left.values[leaving - 1];
      this.#entering = entered.values[i];
      this.#revise(id, this.#enter);
    }
    for (let i = 0; i < left.ids.length; i++) {
      const id = left.ids[i] as number;
      if (leavingAt[id] === 0) continue;
      this.#leaving = left.values[i];
      this.#revise(id, this.#leave);
    }
  }

  #warm(ids: Int32Array, from: number): void {
    if (this.#places !== undefined) this.#table.warmAt(this.#places, ids, from);
    else this.#table.warm(Array.from(ids.subarray(from, from + warmKeys), (id) => this.#keys[id] as K));
  }

  #revise(id: number, next: (carried: V | undefined) => V | null | typeof unchanged): void {
    const key = this.#keys[id] as K;
    this.#key = key;
    if (this.#places === undefined) this.#table.revise(key, next);
    else this.#places[id] = this.#table.reviseAt(this.#places[id] as number, key, next);
  }

  readonly #enter = (carried: V | undefined): V | null | typeof unchanged => {
    const { reduce, inverse } = this.#window;
    const entering = this.#entering as V;
    if (carried === undefined) return this.#kept(entering);
    const rest = this.#isLeaving ? called(inverse, carried, this.#leaving as V, this.#operator) : carried;
    return this.#kept(called(reduce, rest, entering, this.#operator));
  };

  readonly #leave = (carried: V | undefined): V | null | typeof unchanged =>
    carried === undefined
      ? unchanged
      : this.#kept(called(this.#window.inverse, carried, this.#leaving as V, this.#operator));

  /** What the key is to have: nothing where the filter says no. */
  #kept(value: V): V | null | typeof unchanged {
    const { filter } = this.#window;
    const key = this.#key as K;
    if (filter !== undefined) {
      let isKept: unknown;
      try {
        isKept = filter([key, value]);
      } catch (error) {
        throw functionFailed(this.#operator, error);
      }
      if (!isKept) return null;
    }
    if (value !== null && value !== undefined) return value;
    // A value like any other here; for `revise` it would be none.
    this.#table.put(key, value);
    return unchanged;
  }
}

function called<V>(combine: (a: V, b: V) => V, a: V, b: V, operator: string): V {
  try {
    return combine(a, b);
  } catch (error) {
    throw functionFailed(operator, error);
  }
}
