import { describe, it } from '@jest/globals';
import * as fc from 'fast-check';
import { marbleOf, testOperation } from '../../lib/testing/index.ts';
import {
  type Batches,
  batches,
  input,
  naive,
  type Pairs,
  type Program,
  program,
  step,
  stepNames,
} from './random-program.ts';

/** A few everyday, always the same ones; many when asked for, always others. */
const isLong = process.env['MILLRACE_SLOW'] !== undefined;
const runs = (everyday: number): fc.Parameters<unknown> =>
  isLong ? { numRuns: everyday * 50 } : { numRuns: everyday, seed: 20_260 };

const deaths = fc.array(fc.nat(7), { maxLength: 3 });

describe('random programs', () => {
  it(
    'give what recomputation from scratch gives, wherever the process dies',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          program,
          batches,
          batches,
          deaths,
          fc.constantFrom(1, 3),
          async (made, first, second, dying, jobs) => {
            await check(made, [first, second], dying, jobs);
          },
        ),
        runs(100),
      );
    },
    isLong ? 3_600_000 : 30_000,
  );
});

describe('a stream that two steps read', () => {
  it(
    'gives each of them what recomputation from scratch gives',
    async () => {
      const shape = fc.record({ length: fc.integer({ min: 1, max: 3 }), slide: fc.integer({ min: 1, max: 3 }) });
      const name = fc.constantFrom(...stepNames);
      await fc.assert(
        fc.asyncProperty(
          program,
          fc.tuple(name, shape),
          fc.tuple(name, shape),
          batches,
          deaths,
          async (base, [one, oneShape], [two, twoShape], given, dying) => {
            const beside = (streams: readonly Pairs[]): Pairs => {
              const shared = base.build(streams);
              const again: Program = { ...base, build: () => shared };
              step(two, again, twoShape)
                .build(streams)
                .foreachRDD(async (rdd) => void (await rdd.count()));
              return step(one, again, oneShape).build(streams);
            };
            const made = step(one, base, oneShape);
            await check({ ...made, text: `${made.text} beside ${two}`, build: beside }, [given, given], dying, 1);
          },
        ),
        runs(60),
      );
    },
    isLong ? 3_600_000 : 30_000,
  );
});

describe('each step', () => {
  it.each(stepNames)(
    '%s gives what recomputation from scratch gives, wherever the process dies',
    async (name) => {
      const shape = fc.record({ length: fc.integer({ min: 1, max: 4 }), slide: fc.integer({ min: 1, max: 3 }) });
      await fc.assert(
        fc.asyncProperty(shape, batches, deaths, async (windowShape, given, dying) => {
          await check(step(name, input(0), windowShape), [given, given], dying, 1);
        }),
        runs(12),
      );
    },
    isLong ? 3_600_000 : 30_000,
  );
});

async function check(made: Program, inputs: readonly Batches[], dying: readonly number[], jobs: number): Promise<void> {
  const length = Math.max(...inputs.map((given) => given.length));
  const output = Array.from({ length }, (_, i) => marbles(naive(made, i + 1, inputs))).join(' | ');
  const [first, second] = inputs.map((given, index) =>
    Array.from({ length }, (_, i) => `${marbles(given[i] ?? [])}${index === 0 && dying.includes(i) ? ' !' : ''}`).join(
      ' | ',
    ),
  );
  try {
    await testOperation({
      input: [first ?? '', second ?? ''],
      stream: (...streams: Pairs[]) => made.build(streams),
      output,
      config: { 'spark.streaming.concurrentJobs': jobs },
    });
  } catch (error) {
    throw new TypeError(`${made.text}\n${String(error)}`, { cause: error });
  }
}

function marbles(batch: readonly unknown[] | undefined): string {
  return batch === undefined ? '~' : batch.map((element) => marbleOf(element)).join(' ');
}
