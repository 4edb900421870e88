import type { CheckpointFactory } from '../batch/checkpoint.ts';
import { failure, messageOf, raise } from '../kernel/errors.ts';
import { ManualClock } from '../kernel/manual-clock.ts';
import { collect } from '../rdd/actions/collect.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Config } from '../streaming/configuration.ts';
import type { DStream } from '../streaming/dstream.ts';
import { TimedInput } from '../streaming/inputs/timed-input.ts';
import { StreamingContext } from '../streaming/streaming-context.ts';
import { type MarbleBatch, marbleOf, type MarbleValues } from './batch-marbles.ts';
import { MemoryCheckpoints } from './memory-checkpoints.ts';
import { type OperatorState, stateOf } from './operator-state.ts';

/** An operation over marbles that were read. */
export interface MarbleRun<T, U> {
  readonly inputs: readonly (readonly MarbleBatch[])[];
  /** What words of the marbles stand for, to show state by them. */
  readonly values?: MarbleValues | undefined;
  readonly stream: (...streams: DStream<T>[]) => DStream<U>;
  /** How many batches to run; those after the end of an input are empty. */
  readonly batches: number;
  readonly batchMs: number;
  /** Partitions that each input batch is cut into. */
  readonly partitions: number;
  readonly config?: Config | undefined;
  /** Opens the checkpoint; one in memory unless given. */
  readonly openCheckpoint?: CheckpointFactory | undefined;
}

/** What one batch gave. */
export interface MarbleResult {
  /** `null` where there was no output. */
  readonly elements: readonly unknown[] | null;
  /** What the steps of the operation carry into the next batch. */
  readonly state: readonly OperatorState[];
}

const directory = 'memory:test';

/**
 * Runs an operation over marbles on a clock that is moved by hand, one batch after the other. Where the marbles say `!` the program is
 * stopped after its output was written and before it was committed, and started again from the checkpoint: the batch runs again.
 */
export async function runMarbles<T, U>(run: MarbleRun<T, U>): Promise<readonly MarbleResult[]> {
  const openCheckpoint = run.openCheckpoint ?? new MemoryCheckpoints().open;
  let store: StateStore | undefined;
  const clock = new ManualClock();
  const outputs = Array.from({ length: run.batches }, (): readonly unknown[] | null => null);
  const died = new Set<number>();
  const start = async (): Promise<StreamingContext> => {
    const context = await StreamingContext.getOrCreate(directory, () =>
      build(run, {
        clock,
        openCheckpoint: async (opened, options) => {
          store = await openCheckpoint(opened, options);
          return store;
        },
        record: (index, elements) => {
          const before = outputs[index];
          if (died.has(index) && before !== undefined) assertSame(before, elements);
          outputs[index] = elements;
        },
        afterOutput: (index) => {
          if (died.has(index) || !run.inputs.some((input) => input[index]?.dies === true)) return;
          died.add(index);
          throw failure('TESTING_DEATH', {});
        },
      }),
    );
    await context.start();
    return context;
  };
  const results: MarbleResult[] = [];
  let context = await start();
  try {
    for (let index = 0; index < run.batches; index++) {
      await clock.advance(run.batchMs);
      while (await hasDied(context)) {
        context = await start();
        await clock.idle();
      }
      results.push({ elements: outputs[index] ?? null, state: stateOf(store, run.values) });
    }
  } finally {
    await context.stop();
  }
  return results;
}

interface Surroundings {
  readonly clock: ManualClock;
  readonly openCheckpoint: CheckpointFactory;
  readonly record: (index: number, elements: readonly unknown[]) => void;
  readonly afterOutput: (index: number) => void;
}

function build<T, U>(
  run: MarbleRun<T, U>,
  { clock, openCheckpoint, record, afterOutput }: Surroundings,
): StreamingContext {
  const ssc = new StreamingContext({
    appName: 'test',
    batchInterval: run.batchMs,
    clock,
    ...(run.config === undefined ? {} : { config: run.config }),
    openCheckpoint,
  });
  const streams = run.inputs.map((input) =>
    ssc.inputStream<T>(
      'marbles',
      (step, slideMs) =>
        new TimedInput<T>(
          step,
          slideMs,
          (_, index) => (input[index] === undefined ? [] : (input[index].elements as readonly T[] | null)),
          run.partitions,
        ),
    ),
  );
  const indexOf = (time: number): number => time / ssc.batchMs - 1;
  run.stream(...streams).foreachRDD(async (rdd, time) => {
    record(indexOf(time), await collect(rdd.node));
  });
  // Death comes when everything was written: on a stream that always has an RDD, registered last.
  ssc
    .inputStream('clock', (step, slideMs) => new TimedInput<number>(step, slideMs, () => [], 1))
    .foreachRDD((_, time) => {
      afterOutput(indexOf(time));
    });
  return ssc;
}

/** Whether the context was killed by a `!`; any other failure is thrown. */
async function hasDied(context: StreamingContext): Promise<boolean> {
  if (!context.hasFailed) return false;
  try {
    await context.awaitTermination();
    return false;
  } catch (error) {
    if (messageOf(error).includes('[TESTING_DEATH]')) return true;
    throw error;
  }
}

function assertSame(before: readonly unknown[] | null, again: readonly unknown[]): void {
  const [first, second] = [before, again].map((elements) =>
    (elements ?? [])
      .map((element) => marbleOf(element))
      .toSorted()
      .join(' '),
  );
  if (before !== null && first !== second) {
    raise('TESTING_RERUN_DIFFERS', { first: first ?? '', again: second ?? '' });
  }
}
