import type { CheckpointFactory } from '../batch/checkpoint.ts';
import { raise } from '../kernel/errors.ts';
import { type Duration, durationMs } from '../kernel/time.ts';
import { kindOf } from '../rdd/function-failure.ts';
import { requireFunction, requireOptions } from '../streaming/arguments.ts';
import type { Config } from '../streaming/configuration.ts';
import type { DStream } from '../streaming/dstream.ts';
import { type MarbleValues, parseMarbles } from './batch-marbles.ts';
import { batchText, failureTable } from './failure-table.ts';
import { runMarbles } from './run-marbles.ts';

export interface OperationTest<T = string, U = unknown, W = T> {
  /** What the stream gets, in batch marbles; several texts are several streams. */
  readonly input: string | readonly string[];
  /**
   * The operation: from the streams to the one that is looked at. Elements are texts to the compiler unless a parameter says otherwise:
   * `(n: DStream<number>) => ...`.
   */
  readonly stream: (s: DStream<T>, other: DStream<W>, ...others: DStream<W>[]) => DStream<U>;
  /** What comes out, in batch marbles: one batch for each input batch, `~` where there is no output. */
  readonly output: string;
  /** What words of `input` and `output` stand for: records that cannot be written as a word, such as objects. */
  readonly values?: MarbleValues;
  /** Elements of a batch in order, too; otherwise each batch is compared as a multiset. */
  readonly ordered?: boolean;
  /** Partitions that each input batch is cut into, 2 unless told otherwise. */
  readonly partitions?: number;
  /** Length of a batch, one second unless told otherwise. */
  readonly batchInterval?: Duration;
  /** Development mode is on unless this says otherwise: functions that change their input are caught. */
  readonly config?: Config;
  /** Opens the checkpoint, for an operation that is to be seen on a durable store; one in memory unless given. */
  readonly openCheckpoint?: CheckpointFactory;
}

/**
 * Runs an operation over marbles on a clock that is moved by hand, and compares what comes out, batch by batch. `!` kills the program in a
 * batch, after its output was written, and starts it again from the checkpoint: the batch runs again and must give the same.
 *
 * Rejects with a table of both sides, an arrow at the first difference, and the state before and after that batch.
 *
 * @example
 * await testOperation({
 *   input:  'a a b   | c           |             | a ! b',
 *   stream: s => s.map(w => [w, 1]).updateStateByKey((values, state) => (state ?? 0) + values.length),
 *   output: 'a:2 b:1 | a:2 b:1 c:1 | a:2 b:1 c:1 | a:3 b:2 c:1',
 * });
 */
export async function testOperation<T = string, U = unknown, W = T>(test: OperationTest<T, U, W>): Promise<void> {
  requireTest(test);
  const texts = typeof test.input === 'string' ? [test.input] : test.input;
  const inputs = texts.map((text) => parseMarbles(text, test.values));
  const wanted = parseMarbles(test.output, test.values);
  const batches = Math.max(wanted.length, ...inputs.map((input) => input.length));
  const batchMs = durationMs(test.batchInterval ?? 1000);
  const results = await runMarbles({
    inputs,
    values: test.values,
    stream: test.stream as unknown as (...streams: DStream<T>[]) => DStream<U>,
    batches,
    batchMs,
    partitions: test.partitions ?? 2,
    config: { 'millrace.development': true, ...test.config },
    openCheckpoint: test.openCheckpoint,
  });
  const ordered = test.ordered ?? false;
  const expected = Array.from({ length: batches }, (_, i) => batchText(wanted[i]?.elements, ordered, test.values));
  const actual = results.map(({ elements }) => batchText(elements, ordered, test.values));
  const at = actual.findIndex((text, i) => text !== expected[i]);
  if (at >= 0) {
    const table = failureTable({ inputs, values: test.values, expected, actual, results, at, batchMs });
    raise('TESTING_MISMATCH', { table });
  }
}

const optionNames = [
  'input',
  'stream',
  'output',
  'values',
  'ordered',
  'partitions',
  'batchInterval',
  'config',
  'openCheckpoint',
] as const satisfies readonly (keyof OperationTest)[];

function requireTest<T, U, W>({ ...test }: OperationTest<T, U, W>): void {
  requireOptions('testOperation', test, optionNames);
  requireFunction('testOperation', 'stream', test.stream);
  for (const name of ['input', 'output'] as const) {
    const given: unknown = test[name];
    const texts: readonly unknown[] = name === 'input' && Array.isArray(given) ? given : [given];
    const wrong = texts.findIndex((text) => typeof text !== 'string');
    if (wrong < 0) continue;
    const expected = "batches as text, such as 'a b | c'";
    raise('STREAM_ARGUMENT', { method: 'testOperation', name, given: kindOf(texts[wrong]), expected });
  }
}
