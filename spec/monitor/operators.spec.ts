import { afterEach, describe, expect, it } from '@jest/globals';
import { controlRuns } from '../../lib/batch/run-control.ts';
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
