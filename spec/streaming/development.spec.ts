import { describe, expect, it } from '@jest/globals';
import type { Config, DStream } from '../../lib/index.ts';
import { testOperation } from '../../lib/testing/index.ts';

type Pairs = DStream<[string, number]>;

/** Runs an operation whose function changes its input. */
async function run(stream: (s: Pairs) => DStream<unknown>, output: string, config?: Config): Promise<void> {
  await testOperation({ input: 'a:1 a:2', stream, output, ...(config === undefined ? {} : { config }) });
}

function change(pair: [string, number]): number {
  pair[1] += 1;
  return pair[1];
}

describe('development mode', () => {
  it.each<readonly [operator: string, stream: (s: Pairs) => DStream<unknown>]>([
    ['marbles/map', (s) => s.map(change)],
    ['marbles/window/map', (s) => s.window(1000).map(change)],
    ['marbles/map-values/filter', (s) => s.mapValues((n) => n).filter(change)],
    ['marbles/update-state-by-key/map', (s) => s.updateStateByKey<string, number, number>(() => 1).map(change)],
    ['marbles/transform/map', (s) => s.transform((rdd) => rdd.map(change))],
    ['marbles/group-by-key/map', (s) => s.groupByKey().map(([, values]) => values.push(1))],
    ['marbles/join/map', (s) => s.join(s).map(([, both]) => both.pop())],
  ])('catches in %s a function that changes its input', async (operator, stream) => {
    await expect(run(stream, '')).rejects.toMatchObject({
      code: 'RDD_INPUT_CHANGED',
      where: { operator, batchTime: 1000 },
    });
  });

  it('is what testOperation runs in, and can be turned off', async () => {
    await expect(run((s) => s.map(change), '2 3', { 'millrace.development': false })).resolves.toBeUndefined();
  });

  it('leaves a state that is changed in place alone: it is the own copy of the function', async () => {
    const kept = run(
      (s) =>
        s
          .updateStateByKey<string, number, number[]>((values, state) => {
            const all = state ?? [];
            all.push(...values);
            return all;
          })
          .mapValues((all) => all.length),
      'a:2',
    );
    await expect(kept).resolves.toBeUndefined();
  });

  it('gives the same results', async () => {
    await expect(run((s) => s.reduceByKey((a, b) => a + b).window(2000), 'a:3')).resolves.toBeUndefined();
    await expect(run((s) => s.join(s).mapValues(([a, b]) => a * b), 'a:1 a:2 a:2 a:4')).resolves.toBeUndefined();
  });
});
