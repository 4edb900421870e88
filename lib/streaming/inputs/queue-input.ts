import { raise } from '../../kernel/errors.ts';
import type { Time } from '../../kernel/time.ts';
import { ParallelCollectionNode } from '../../rdd/operators/parallelize.ts';
import { UnionNode } from '../../rdd/operators/union.ts';
import { RDD } from '../../rdd/rdd.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { InputNode, type InputPart, type InputRun } from '../input-node.ts';
import type { PlannedRange } from '../../store/state-store.ts';
import type { Step } from '../step.ts';

/** One batch of a queue: elements, or an RDD of the same context. */
export type QueuedBatch<T> = Iterable<T> | RDD<T>;

export interface QueueSettings<T> {
  /** One entry of the queue for each batch (the default), or all that are there. */
  readonly oneAtATime: boolean;
  /** Used when the queue is empty; `null` and nothing at all stand for an empty batch. */
  readonly whenEmpty: QueuedBatch<T> | null | undefined;
  /** Partitions of entries that are not RDDs. */
  readonly numPartitions: number;
}

/**
 * A stream of batches that the program itself provides, for tests and first steps. More may be pushed into the queue while the context
 * runs. It cannot be read again, so a checkpoint cannot continue it.
 */
export class QueueInput<T> extends InputNode<T> {
  readonly isAlwaysPresent = true;
  readonly isReplayable = false;
  override readonly countsWhenPlanned = true;
  readonly #queue: QueuedBatch<T>[];
  readonly #settings: QueueSettings<T>;

  constructor(step: Step, slideMs: number, queue: QueuedBatch<T>[], settings: QueueSettings<T>) {
    super(step, slideMs);
    if (!Array.isArray(queue)) {
      raise('CONFIG_VALUE', { name: 'queue', value: typeof queue, expected: 'an array of batches' });
    }
    this.#queue = queue;
    this.#settings = settings;
  }

  open(): Promise<InputRun<T>> {
    return Promise.resolve(new QueueRun(this.#queue, this.#settings));
  }
}

class QueueRun<T> implements InputRun<T> {
  readonly #queue: QueuedBatch<T>[];
  readonly #settings: QueueSettings<T>;
  readonly #batches = new Map<Time, { readonly rdd: RddNode<T>; readonly records: number }>();

  constructor(queue: QueuedBatch<T>[], settings: QueueSettings<T>) {
    this.#queue = queue;
    this.#settings = settings;
  }

  allot(time: Time): Promise<undefined> {
    const { oneAtATime, whenEmpty, numPartitions } = this.#settings;
    const taken = this.#queue.splice(0, oneAtATime ? 1 : this.#queue.length);
    if (taken.length === 0) taken.push(whenEmpty ?? []);
    let records = 0;
    const nodes = taken.map((entry): RddNode<T> => {
      if (entry instanceof RDD) return entry.node;
      const values = [...entry];
      records += values.length;
      return new ParallelCollectionNode(values, numPartitions);
    });
    const [only] = nodes;
    const rdd = nodes.length === 1 && only !== undefined ? only : new UnionNode(nodes);
    this.#batches.set(time, { rdd, records });
    return Promise.resolve(undefined);
  }

  adopt(): void {
    // A queue has no positions, so no plan names it.
  }

  retained(): readonly PlannedRange[] {
    return [];
  }

  restore(): void {
    // A queue has no positions.
  }

  rdd(time: Time): RddNode<T> | undefined {
    return this.#batches.get(time)?.rdd;
  }

  part(time: Time): InputPart | undefined {
    const batch = this.#batches.get(time);
    return batch === undefined ? undefined : { records: batch.records, metadata: {} };
  }

  batchDone(): void {
    // The elements are the program's own.
  }

  release(upTo: Time): void {
    for (const time of this.#batches.keys()) if (time <= upTo) this.#batches.delete(time);
  }

  committed(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#batches.clear();
    return Promise.resolve();
  }
}
