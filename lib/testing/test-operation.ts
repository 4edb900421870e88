import { failure, messageOf, raise } from '../kernel/errors.ts';
import { ManualClock } from '../kernel/manual-clock.ts';
import type { Config } from '../streaming/configuration.ts';
import type { DStream } from '../streaming/dstream.ts';
import { TimedInput } from '../streaming/inputs/timed-input.ts';
import { StreamingContext } from '../streaming/streaming-context.ts';
import { collect } from '../rdd/actions/collect.ts';
import { type MarbleBatch, marbleOf, parseMarbles } from './batch-marbles.ts';
import { MemoryCheckpoints } from './memory-checkpoints.ts';

export interface OperationTest<T = never, U = unknown> {
  /** What the stream gets, in batch marbles; several texts are several streams. */
  readonly input: string | readonly string[];
  /** The operation: from the streams to the one that is looked at. */
  readonly stream: (s: DStream<T>, ...others: DStream<T>[]) => DStream<U>;
  /** What comes out, in batch marbles: one batch for each input batch, `~` where there is no output. */
  readonly output: string;
  /** Elements of a batch in order, too; otherwise each batch is compared as a multiset. */
  readonly ordered?: boolean;
  /** Partitions that each input batch is cut into, 2 unless told otherwise. */
  readonly partitions?: number;
  /** Length of a batch in milliseconds, 1000 unless told otherwise; durations in the operation are real ones. */
  readonly batchMs?: number;
  readonly config?: Config;
}

const directory = 'memory:test';

/**
 * Runs an operation over marbles on a clock that is moved by hand, and compares what comes out, batch by batch. `!` kills the program in a
 * batch, after its output was written, and starts it again from the checkpoint: the batch runs again and must give the same.
 *
 * Rejects with a table of both sides and an arrow at the first difference.
 *
 * @example
 * await testOperation({
 *   input:  'a a b   | c           |             | a ! b',
 *   stream: s => s.map(w => [w, 1]).updateStateByKey((values, state) => (state ?? 0) + values.length),
 *   output: 'a:2 b:1 | a:2 b:1 c:1 | a:2 b:1 c:1 | a:3 b:2 c:1',
 * });
 */
export async function testOperation<T = never, U = unknown>(test: OperationTest<T, U>): Promise<void> {
  const inputs = (typeof test.input === 'string' ? [test.input] : test.input).map(parseMarbles);
  const expected = parseMarbles(test.output).map(({ elements }) => elements);
  const batches = Math.max(expected.length, ...inputs.map((input) => input.length));
  const actual = await runMarbles(test, inputs, batches);
  const ordered = test.ordered ?? false;
  const wanted = expected.map((elements) => textOf(elements, ordered));
  const got = actual.map((elements) => textOf(elements, ordered));
  const at = Array.from({ length: batches }, (_, i) => i).find((i) => (wanted[i] ?? '~') !== (got[i] ?? '~'));
  if (at !== undefined) raise('TESTING_MISMATCH', { table: tableOf(inputs, wanted, got, at, batches) });
}

async function runMarbles<T, U>(
  test: OperationTest<T, U>,
  inputs: readonly (readonly MarbleBatch[])[],
  batches: number,
): Promise<(readonly unknown[] | null)[]> {
  const batchMs = test.batchMs ?? 1000;
  const checkpoints = new MemoryCheckpoints();
  const clock = new ManualClock();
  const results = Array.from({ length: batches }, (): readonly unknown[] | null => null);
  const died = new Set<number>();
  const dies = (index: number): boolean => !died.has(index) && inputs.some((input) => input[index]?.dies === true);
  const start = async (): Promise<StreamingContext> => {
    const context = await StreamingContext.getOrCreate(directory, () => {
      const ssc = new StreamingContext({
        appName: 'test',
        batchInterval: batchMs,
        clock,
        ...(test.config === undefined ? {} : { config: test.config }),
        openCheckpoint: checkpoints.open,
      });
      build(
        ssc,
        test,
        inputs,
        (index, elements) => {
          const before = results[index];
          if (died.has(index) && before !== null && textOf(before ?? null, false) !== textOf(elements, false)) {
            raise('TESTING_RERUN_DIFFERS', { first: textOf(before ?? null, false), again: textOf(elements, false) });
          }
          results[index] = elements;
        },
        (index) => {
          if (!dies(index)) return;
          died.add(index);
          throw failure('TESTING_DEATH', {});
        },
      );
      return ssc;
    });
    await context.start();
    return context;
  };
  let context = await start();
  try {
    for (let index = 0; index < batches; index++) {
      await clock.advance(batchMs);
      while (await hasDied(context)) {
        context = await start();
        await clock.idle();
      }
    }
  } finally {
    await context.stop();
  }
  return results;
}

function build<T, U>(
  ssc: StreamingContext,
  test: OperationTest<T, U>,
  inputs: readonly (readonly MarbleBatch[])[],
  record: (index: number, elements: readonly unknown[]) => void,
  afterOutput: (index: number) => void,
): void {
  const [first, ...others] = inputs.map((input) =>
    ssc.inputStream<T>(
      'marbles',
      (step, slideMs) =>
        new TimedInput<T>(
          step,
          slideMs,
          (_, index) => (input[index] === undefined ? [] : (input[index].elements as readonly T[] | null)),
          test.partitions ?? 2,
        ),
    ),
  );
  const out = test.stream(first as DStream<T>, ...others);
  const indexOf = (time: number): number => time / ssc.batchMs - 1;
  out.foreachRDD(async (rdd, time) => {
    record(indexOf(time), await collect(rdd.node));
  });
  // Death comes when everything was written: on a stream that always has an RDD, registered last.
  ssc
    .inputStream('clock', (step, slideMs) => new TimedInput<number>(step, slideMs, () => [], 1))
    .foreachRDD((_, time) => {
      afterOutput(indexOf(time));
    });
}

/** Whether the context was killed by a `!`; any other failure is thrown. */
async function hasDied(context: StreamingContext): Promise<boolean> {
  if (!context.hasFailed) return false;
  try {
    await context.awaitTermination();
    return false;
  } catch (error) {
    if (isDeath(error)) return true;
    throw error;
  }
}

function isDeath(error: unknown): boolean {
  return messageOf(error).includes('[TESTING_DEATH]');
}

function textOf(elements: readonly unknown[] | null | undefined, ordered: boolean): string {
  if (elements === null || elements === undefined) return '~';
  const tokens = elements.map(marbleOf);
  return (ordered ? tokens : tokens.toSorted()).join(' ');
}

function tableOf(
  inputs: readonly (readonly MarbleBatch[])[],
  expected: readonly string[],
  actual: readonly string[],
  at: number,
  batches: number,
): string {
  const rows = [
    ...inputs.map((input, i) => [
      inputs.length === 1 ? 'input' : `input ${i + 1}`,
      ...Array.from({ length: batches }, (_, batch) => {
        const { elements = [], dies = false } = input[batch] ?? {};
        return `${textOf(elements, true)}${dies ? ' !' : ''}`;
      }),
    ]),
    ['expected', ...Array.from({ length: batches }, (_, batch) => expected[batch] ?? '~')],
    ['actual', ...Array.from({ length: batches }, (_, batch) => actual[batch] ?? '~')],
    ['', ...Array.from({ length: batches }, (_, batch) => (batch === at ? '^ first difference' : ''))],
  ];
  const widths = Array.from({ length: batches + 1 }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join(' | ')
        .trimEnd(),
    )
    .join('\n');
}
