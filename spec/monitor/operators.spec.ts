import { afterEach, describe, expect, it } from '@jest/globals';
import { controlRuns } from '../../lib/batch/run-control.ts';
import { ManualClock, offsetRanges, type RDD, StateSpec, StreamingContext } from '../../lib/index.ts';
import { SourceInput } from '../../lib/streaming/inputs/source-input.ts';
import { MemoryCheckpoints } from '../../lib/testing/index.ts';
import { FakeSource } from '../helpers/fake-source.ts';
import { type QueryProgram, queryProgram, type StreamProgram, streamProgram } from './program.ts';

let running: StreamProgram | QueryProgram | undefined;
let release = (): void => undefined;

afterEach(async () => {
  await running?.close();
  release();
  running = undefined;
});

describe('what operators gave in a batch', () => {
  it('is counted behind each step of a context', async () => {
    release = controlRuns({ measuring: { everyMs: 0, samples: 2 } });
    const program = await streamProgram();
    running = program;
    await program.batch('a', 'b', 'a');
    await program.batch('c');
    const batches = program.watched.history.streams[0]?.batches() ?? [];
    expect(batches.map(({ operators }) => operators?.map(({ id, rows }) => `${id} ${rows}`))).toEqual([
      ['fake 6', 'fake/map 3', 'counts 2'],
      ['fake 2', 'fake/map 1', 'counts 3'],
    ]);
    expect(batches[0]?.operators?.map(({ sample }) => sample)).toEqual([
      ['a', 'b'],
      [
        ['a', 1],
        ['b', 1],
      ],
      [
        ['b', 1],
        ['a', 2],
      ],
    ]);
  });

  it('is counted in one batch of a while, and nothing of others', async () => {
    release = controlRuns({ measuring: { everyMs: 2500, samples: 0 } });
    const program = await streamProgram();
    running = program;
    for (let i = 0; i < 6; i++) await program.batch('a');
    const batches = program.watched.history.streams[0]?.batches() ?? [];
    expect(batches.map(({ operators }) => operators !== undefined)).toEqual([true, false, false, true, false, false]);
  });

  it('is counted of a context only while somebody looks at its steps', async () => {
    let isWanted = false;
    release = controlRuns({ measuring: { everyMs: 0, samples: 0, isWanted: () => isWanted } });
    const program = await streamProgram();
    running = program;
    for (isWanted of [false, true, true, false]) await program.batch('a');
    const batches = program.watched.history.streams[0]?.batches() ?? [];
    expect(batches.map(({ operators }) => operators !== undefined)).toEqual([false, true, true, false]);
    expect(program.watched.history.streams[0]?.operators).toEqual(batches[2]?.operators);
  });

  it('ends some seconds after somebody looked', async () => {
    const program = await streamProgram();
    running = program;
    const { history } = program.watched;
    const looks: boolean[] = [history.areStepsLookedAt];
    history.lookAtSteps();
    for (const seconds of [0, 14, 1]) {
      await program.clock.advance(seconds * 1000);
      looks.push(history.areStepsLookedAt);
    }
    expect(looks).toEqual([false, true, true, false]);
  });

  it.each([
    ['not measured', false],
    ['measured', true],
  ])('leaves what others read of a step as it is where it is %s', async (_, isMeasured) => {
    if (isMeasured) release = controlRuns({ measuring: { everyMs: 0, samples: 0 } });
    const clock = new ManualClock(1_700_000_000_000);
    const source = new FakeSource({ 'words-0': ['a', 'b', 'a'] });
    const context = new StreamingContext({
      appName: 'measured',
      batchInterval: 1000,
      clock,
      openCheckpoint: new MemoryCheckpoints().open,
    });
    context.checkpoint('memory');
    const words = context.inputStream('fake', (step, slideMs) => new SourceInput(step, slideMs, source));
    const seen: unknown[] = [];
    words.foreachRDD((rdd) => {
      seen.push(offsetRanges(rdd), rdd.toDebugString());
    });
    words
      .map((word) => [word, 1] as const)
      .mapWithState(
        StateSpec.function((_key: string, value: number | null, state: { update(count: number): void }) => {
          state.update(value ?? 0);
        }),
      )
      .stateSnapshots()
      .foreachRDD(async (rdd: RDD<readonly [string, number]>) => {
        seen.push((await rdd.collect()).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      });
    await context.start();
    await clock.advance(1000);
    await context.stop();
    expect(seen).toEqual([
      [{ topic: 'words', partition: 0, fromOffset: 0, untilOffset: 3 }],
      '(1) source',
      [
        ['a', 1],
        ['b', 1],
      ],
    ]);
  });

  it.each<[number, unknown]>([
    [0, undefined],
    [1, 'a'],
  ])('is counted behind each node of a plan, with %i samples', async (samples, key) => {
    release = controlRuns({ measuring: { everyMs: 0, samples } });
    const program = await queryProgram();
    running = program;
    await program.batch(['a', 1], ['b', 2], ['a', 3]);
    const first = program.watched.history.queries[0]?.progress()[0];
    expect(first?.operators?.map(({ id, rows }) => `${id} ${rows}`).toSorted()).toEqual([
      'aggregate 2',
      'filter 3',
      'project 3',
      'read 3',
      'watermark 3',
    ]);
    const sampled = first?.operators?.find(({ id }) => id === 'aggregate')?.sample;
    expect((sampled?.[0] as { readonly k: string } | undefined)?.k).toBe(key);
  });

  it('is not asked for unless somebody does', async () => {
    const program = await queryProgram();
    running = program;
    await program.batch(['a', 1]);
    expect(program.watched.history.queries[0]?.progress()[0]).not.toHaveProperty('operators');
  });
});
