import type { Time } from '../../kernel/time.ts';
import { ParallelCollectionNode } from '../../rdd/operators/parallelize.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { type ApartContext, type InputContext, InputNode, type InputPart, type InputRun } from '../input-node.ts';
import type { Offset } from '../../io/offsets.ts';
import type { PlannedRange } from '../../store/state-store.ts';
import type { Step } from '../step.ts';

/** The elements of the batch at `time`, the `index`-th since the zero time (from 0); `null` for a batch without an RDD. */
export type BatchAt<T> = (time: Time, index: number) => readonly T[] | null;

/**
 * A stream that is a function of the batch time, so it gives the same again after a restart. Batch marbles and recorded test data
 * come in through it.
 */
export class TimedInput<T> extends InputNode<T> {
  readonly isAlwaysPresent = false;
  readonly isReplayable = true;
  override readonly countsWhenPlanned = true;
  readonly #batchAt: BatchAt<T>;
  readonly #numPartitions: number;

  constructor(step: Step, slideMs: number, batchAt: BatchAt<T>, numPartitions: number) {
    super(step, slideMs);
    this.#batchAt = batchAt;
    this.#numPartitions = numPartitions;
  }

  override get isBuiltAlike(): boolean {
    return true;
  }

  override openApart({ zeroTime }: ApartContext): InputRun<T> {
    const at = (time: Time): readonly T[] | null => this.#batchAt(time, (time - zeroTime) / this.slideMs - 1);
    return new TimedRun(at, this.#numPartitions);
  }

  open(_from: Offset | undefined, context: InputContext): Promise<InputRun<T>> {
    return Promise.resolve(this.openApart(context));
  }
}

class TimedRun<T> implements InputRun<T> {
  readonly #at: (time: Time) => readonly T[] | null;
  readonly #numPartitions: number;

  constructor(at: (time: Time) => readonly T[] | null, numPartitions: number) {
    this.#at = at;
    this.#numPartitions = numPartitions;
  }

  allot(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  adopt(): void {
    // The time says it all.
  }

  retained(): readonly PlannedRange[] {
    return [];
  }

  restore(): void {
    // The time says it all.
  }

  rdd(time: Time): RddNode<T> | undefined {
    const values = this.#at(time);
    return values === null ? undefined : new ParallelCollectionNode(values, this.#numPartitions);
  }

  part(time: Time): InputPart {
    return { records: this.#at(time)?.length ?? 0, metadata: {} };
  }

  batchDone(): void {
    // Nothing is held.
  }

  release(): void {
    // Nothing is held.
  }

  committed(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
