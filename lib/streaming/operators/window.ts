import type { Time } from '../../kernel/time.ts';
import { PartitionListsNode } from '../../rdd/operators/partition-lists.ts';
import { UnionNode } from '../../rdd/operators/union.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { DStreamNode, type StreamAt } from '../dstream-node.ts';
import type { Step } from '../step.ts';
import { timesBetween } from '../window-length.ts';
import { SliceStore, StoringSlice } from './slice-store.ts';

/**
 * At every `slideMs` from the zero time, the batches of the last `lengthMs` together, oldest first. The first windows are partial; batches
 * without an RDD are left out; a window of nothing is empty, not missing.
 *
 * State: the slices that a coming window still covers. They leave with the first window that does not need them.
 */
export class WindowNode<T> extends DStreamNode<T> {
  readonly dependencies: readonly [DStreamNode<T>];
  readonly #lengthMs: number;

  constructor(step: Step, parent: DStreamNode<T>, lengthMs: number, slideMs: number, part?: string) {
    super(step, slideMs, part);
    this.dependencies = [parent];
    this.#lengthMs = lengthMs;
  }

  override get hasCursor(): boolean {
    return true;
  }

  override inputsRememberMs(ownMs: number): number {
    return ownMs + this.#lengthMs;
  }

  override demand(time: Time, cursor: Time): readonly StreamAt[] {
    const [parent] = this.dependencies;
    // Up to the cursor the slices are stored. Both ends are times of the parent, counted from any of its times.
    return timesBetween(Math.max(time - this.#lengthMs, cursor), time, parent.slideMs, cursor).map((at) => ({
      node: parent,
      time: at,
    }));
  }

  async compute(time: Time, graph: BatchGraph): Promise<RddNode<T>> {
    const [parent] = this.dependencies;
    const run = graph.runOf(this, () => new WindowRun(new SliceStore<T>(this, graph)));
    const settledUntil = graph.cursorOf(this);
    const slices: RddNode<T>[] = [];
    for (const at of timesBetween(time - this.#lengthMs, time, parent.slideMs, graph.zeroTime)) {
      const known = run.sliceAt(at, settledUntil);
      if (known !== undefined) slices.push(known);
      if (known !== undefined || at <= settledUntil) continue;
      const rdd = await graph.at(parent, at);
      if (rdd !== undefined) slices.push(run.take(at, rdd, this.#isNeededAfter(at, time)));
    }
    graph.advanceCursor(this, time);
    graph.defer(async () => {
      await run.settle((at) => this.#isNeededAfter(at, time));
    });
    return slices.length === 0 ? new PartitionListsNode<T>([], 'window') : new UnionNode(slices);
  }

  #isNeededAfter(slice: Time, time: Time): boolean {
    return slice > time + this.slideMs - this.#lengthMs;
  }
}

/** The slices of one window at work: those of this batch, and the store with those of earlier ones. */
class WindowRun<T> {
  readonly #store: SliceStore<T>;
  readonly #fresh = new Map<Time, RddNode<T>>();

  constructor(store: SliceStore<T>) {
    this.#store = store;
  }

  sliceAt(time: Time, settledUntil: Time): RddNode<T> | undefined {
    const fresh = this.#fresh.get(time);
    if (fresh !== undefined) return fresh;
    return time <= settledUntil && this.#store.has(time) ? this.#store.stored(time) : undefined;
  }

  take(time: Time, rdd: RddNode<T>, isNeededLater: boolean): RddNode<T> {
    const slice = isNeededLater ? this.#store.storing(time, rdd) : rdd;
    this.#fresh.set(time, slice);
    return slice;
  }

  async settle(isNeeded: (time: Time) => boolean): Promise<void> {
    for (const [time, slice] of this.#fresh) {
      if (slice instanceof StoringSlice && isNeeded(time)) await slice.complete();
    }
    this.#fresh.clear();
    for (const time of this.#store.times()) if (!isNeeded(time)) this.#store.drop(time);
  }
}
