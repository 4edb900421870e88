import type { Time } from '../../kernel/time.ts';
import { PartitionListsNode } from '../../rdd/operators/partition-lists.ts';
import { UnionNode } from '../../rdd/operators/union.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { BatchGraph } from '../batch-graph.ts';
import { DStreamNode, type StreamAt } from '../dstream-node.ts';
import type { Step } from '../step.ts';
import { timeAtOrAfter, timesBetween } from '../window-length.ts';
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

  override get isBuiltAlike(): boolean {
    return true;
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
    const run = this.#run(graph);
    const settledUntil = graph.cursorOf(this);
    const found: Found<T>[] = [];
    for (const at of timesBetween(time - this.#lengthMs, time, parent.slideMs, graph.zeroTime)) {
      const known = run.sliceAt(at);
      const rdd = known ?? (at <= settledUntil ? undefined : await graph.at(parent, at));
      if (rdd !== undefined) found.push({ at, rdd, slice: known ?? run.storing(at, rdd) });
    }
    graph.advanceCursor(this, time);
    const isApart = graph.movesApart({
      node: this,
      time,
      inputs: found.flatMap(({ rdd, slice }) => (rdd === slice ? [] : [rdd])),
      held: found.map(({ slice }) => slice),
    });
    if (isApart) run.forget();
    const slices = found.map(({ at, rdd, slice }) =>
      isApart || rdd === slice ? slice : run.take(at, this.#isNeededAfter(at, time) ? slice : rdd),
    );
    if (!isApart) {
      const isNeeded = (at: Time): boolean => this.#isNeededAfter(at, time);
      graph.defer(async () => {
        await run.completeAll(isNeeded);
      });
      graph.deferLast(() => {
        run.dropUntil(time + this.slideMs - this.#lengthMs);
      });
    }
    return slices.length === 0 ? new PartitionListsNode<T>([], 'window') : new UnionNode(slices);
  }

  override async collect(time: Time, graph: BatchGraph): Promise<void> {
    const run = this.#run(graph);
    if (time <= graph.cursorOf(this) || run.sliceAt(time) !== undefined) return;
    const next = timeAtOrAfter(time, this.slideMs, graph.zeroTime);
    if (time <= next - this.#lengthMs) return;
    const rdd = await graph.at(this.dependencies[0], time);
    if (rdd === undefined || graph.collectsApart({ node: this, time, inputs: [rdd] })) return;
    run.take(time, run.storing(time, rdd));
    graph.defer(async () => {
      await run.complete(time);
    });
  }

  #run(graph: BatchGraph): WindowRun<T> {
    return graph.runOf(this, () => new WindowRun(new SliceStore<T>(this, graph)));
  }

  #isNeededAfter(slice: Time, time: Time): boolean {
    return slice > time + this.slideMs - this.#lengthMs;
  }
}

/** A batch of the input of a window: its data, and the slice it is or becomes. */
interface Found<T> {
  readonly at: Time;
  readonly rdd: RddNode<T>;
  readonly slice: RddNode<T>;
}

/** The slices of one window at work: those of this batch, and the store with those of earlier ones. */
class WindowRun<T> {
  readonly #store: SliceStore<T>;
  readonly #fresh = new Map<Time, RddNode<T>>();
  /** Slices of earlier batches that were looked up before: they stay as they are until they are dropped. */
  readonly #known = new Map<Time, RddNode<T>>();

  constructor(store: SliceStore<T>) {
    this.#store = store;
  }

  sliceAt(time: Time): RddNode<T> | undefined {
    const atHand = this.#fresh.get(time) ?? this.#known.get(time);
    if (atHand !== undefined) return atHand;
    const stored = this.#store.find(time);
    if (stored !== undefined) this.#known.set(time, stored);
    return stored;
  }

  /** Makes one slice last, of a batch that was taken up ahead of its window. */
  async complete(time: Time): Promise<void> {
    const slice = this.#fresh.get(time);
    if (slice instanceof StoringSlice) await slice.complete();
    this.#fresh.delete(time);
  }

  /** What a batch brings, stored on its way where it is taken up. */
  storing(time: Time, rdd: RddNode<T>): RddNode<T> {
    return this.#store.storing(time, rdd);
  }

  take(time: Time, slice: RddNode<T>): RddNode<T> {
    this.#fresh.set(time, slice);
    return slice;
  }

  /** Makes every slice last that a coming window needs. */
  async completeAll(isNeeded: (time: Time) => boolean): Promise<void> {
    for (const [time, slice] of this.#fresh) {
      if (slice instanceof StoringSlice && isNeeded(time)) await slice.complete();
    }
  }

  /** Nothing is kept at hand: the slices are elsewhere, and go there. */
  forget(): void {
    this.#fresh.clear();
    this.#known.clear();
  }

  dropUntil(until: Time): void {
    this.#fresh.clear();
    for (const time of this.#known.keys()) if (time <= until) this.#known.delete(time);
    this.#store.dropUntil(until);
  }
}
