import { afterEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type DStream, ManualClock, StreamingContext } from '../../lib/index.ts';
import { TimedInput } from '../../lib/streaming/inputs/timed-input.ts';
import { marbleOf, MemoryCheckpoints } from '../../lib/testing/index.ts';
import { type Batches, batches, naive, type Pair, type Program, program } from './random-program.ts';

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
});

type Out = [batch: number, elements: string[]][];

const batchMs = 1000;

/** Starts the program by Spark's rules on what its last process left. */
async function started(
  made: Program,
  inputs: readonly Batches[],
  clock: ManualClock,
  checkpoints: MemoryCheckpoints,
  out: Out,
): Promise<StreamingContext> {
  const context = await StreamingContext.getOrCreate('memory:compat', () => {
    const ssc = new StreamingContext({
      appName: 'compat',
      batchInterval: batchMs,
      clock,
      config: { 'millrace.spark.compat': true },
      openCheckpoint: checkpoints.open,
    });
    const streams = inputs.map((input): DStream<Pair> =>
      ssc.inputStream('timed', (step, slide) => new TimedInput<Pair>(step, slide, (_, i) => input[i] ?? [], 2)),
    );
    made.build(streams).foreachRDD(async (rdd, time) => {
      out.push([time / batchMs, (await rdd.collect()).map((element) => marbleOf(element)).toSorted()]);
    });
    return ssc;
  });
  await context.start();
  await clock.idle();
  return context;
}

/** What a program gives at the batches from one to another. */
function expected(made: Program, inputs: readonly Batches[], from: number, until: number): Out {
  const out: Out = [];
  for (let batch = Math.max(1, from); batch <= until; batch++) {
    const elements = naive(made, batch, inputs);
    if (elements !== undefined) out.push([batch, elements.map((element) => marbleOf(element)).toSorted()]);
  }
  return out;
}

describe("recovery by Spark's rules", () => {
  it('runs the last boundary again, then those that were missed, then live ones, with state and slides as they were', async () => {
    await fc.assert(
      fc.asyncProperty(
        // Timeouts follow other times by Spark's rules; they have recorded cases.
        program.filter(({ text }) => !text.includes('timeout')),
        batches,
        batches,
        fc.nat(6),
        fc.nat(3),
        fc.constantFrom(0, 500),
        async (made, first, second, stopAfter, down, half) => {
          const inputs = [first, second];
          const checkpoints = new MemoryCheckpoints();
          const [before, after]: [Out, Out] = [[], []];
          const clock = new ManualClock();
          const one = await started(made, inputs, clock, checkpoints, before);
          await clock.advance(stopAfter * batchMs);
          await one.stop();
          const again = new ManualClock((stopAfter + down) * batchMs + half);
          const two = await started(made, inputs, again, checkpoints, after);
          await again.advance(2 * batchMs);
          await two.stop();
          expect([made.text, before]).toEqual([made.text, expected(made, inputs, 1, stopAfter)]);
          expect([made.text, after]).toEqual([made.text, expected(made, inputs, stopAfter, stopAfter + down + 2)]);
        },
      ),
      process.env['MILLRACE_SLOW'] === undefined ? { numRuns: 60, seed: 20_260 } : { numRuns: 3000 },
    );
  }, 3_600_000);
});
