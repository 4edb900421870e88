import { afterEach, describe, expect, it } from '@jest/globals';
import { type QueryProgram, queryProgram, type StreamProgram, streamProgram } from './program.ts';

const begin = 1_700_000_000_000;
let running: StreamProgram | QueryProgram | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function stream(output?: (record: string) => void): Promise<StreamProgram> {
  const program = await streamProgram(output);
  running = program;
  return program;
}

async function query(): Promise<QueryProgram> {
  const program = await queryProgram();
  running = program;
  return program;
}

describe('the history of a context', () => {
  it('has every batch with its delays, ranges, output operations and commit', async () => {
    const program = await stream();
    await program.batch('a', 'b');
    await program.batch('a');
    const [history] = program.watched.history.streams;
    expect(history?.batches()).toMatchObject([
      {
        time: begin + 1000,
        status: 'done',
        records: 2,
        schedulingDelayMs: 0,
        processingTimeMs: 0,
        totalDelayMs: 0,
        inputs: [{ id: 0, name: 'fake', records: 2, ranges: [{ partition: 'words-0', from: 0, until: 2 }] }],
        operations: [
          { id: 0, name: 'foreachRDD', operator: 'fake/foreach-rdd', durationMs: 0 },
          { id: 1, name: 'foreachRDD', operator: 'counts/foreach-rdd', durationMs: 0 },
        ],
        commit: { changedKeys: expect.any(Number), sizeBytes: expect.any(Number) },
      },
      { time: begin + 2000, records: 1, inputs: [{ ranges: [{ from: 2, until: 3 }] }] },
    ]);
    expect(history?.facts).toMatchObject({
      kind: 'stream',
      appName: 'words',
      intervalMs: 1000,
      state: 'active',
      batches: 2,
      records: 3,
      failedBatches: 0,
      active: [],
      inputs: [{ id: 0, name: 'fake', records: 3 }],
      last: { time: begin + 2000 },
    });
  });

  it('knows the steps of the program and how they hang together', async () => {
    const program = await stream();
    expect(program.watched.history.facts.streams[0]?.graph.operators).toEqual([
      { id: 'fake', kind: 'fake', inputs: [], keepsState: false, isOutput: false },
      { id: 'fake/map', kind: 'map', inputs: ['fake'], keepsState: false, isOutput: false },
      { id: 'counts', kind: 'update-state-by-key', inputs: ['fake/map'], keepsState: true, isOutput: false },
      { id: 'fake/foreach-rdd', kind: 'foreach-rdd', inputs: ['fake'], keepsState: false, isOutput: true },
      { id: 'counts/foreach-rdd', kind: 'foreach-rdd', inputs: ['counts'], keepsState: false, isOutput: true },
    ]);
  });

  it('tells why a batch failed, and that the context is over', async () => {
    const program = await stream(() => {
      throw new RangeError('no room');
    });
    await program.batch('a');
    await program.clock.advance(0);
    const facts = program.watched.history.facts.streams[0];
    expect(facts).toMatchObject({ state: 'failed', failedBatches: 1, last: { status: 'failed' } });
    expect(facts?.last?.error).toContain('no room');
    expect(facts?.last?.operations[0]?.error).toContain('no room');
    expect(facts?.error).toContain('no room');
  });

  it('tells whoever subscribes of each change, until they have heard enough', async () => {
    const program = await stream();
    let told = 0;
    const unsubscribe = program.watched.history.subscribe(() => {
      told += 1;
    });
    await program.batch('a');
    expect(told).toBeGreaterThan(0);
    unsubscribe();
    const before = told;
    await program.batch('a');
    expect(told).toBe(before);
  });
});

describe('the history of a query', () => {
  it('has the figures of both pages of Spark for each batch', async () => {
    const program = await query();
    await program.batch(['a', 1], ['b', 2]);
    await program.batch(['a', 31]);
    await program.batch(['a', 3], ['a', 32]);
    const [history] = program.watched.history.queries;
    const withData = history?.progress().filter(({ rows }) => rows > 0);
    expect(withData).toMatchObject([
      { batchId: 0, rows: 2, outputRows: 2, state: [{ rows: 2, updatedRows: 2, lateRows: 0 }] },
      { rows: 1, maxEventTimeMs: begin + 31_000 },
      {
        rows: 2,
        outputRows: 1,
        watermarkMs: begin + 26_000,
        watermarkGapMs: -26_000,
        state: [{ name: 'stateStoreSave', operator: 'aggregate', rows: 1, droppedRows: 1, lateRows: 1 }],
        commit: { sizeBytes: expect.any(Number) },
      },
    ]);
    expect(withData?.[0]?.phasesMs).toMatchObject({ addBatch: 0, walCommit: 0, triggerExecution: 0 });
    expect(history?.facts).toMatchObject({ kind: 'query', name: 'windows', state: 'active', rows: 5 });
  });

  it('knows the nodes of the plan', async () => {
    const program = await query();
    const nodes = program.watched.history.facts.queries[0]?.graph.operators ?? [];
    expect(nodes.map(({ kind, keepsState }) => `${kind}${keepsState ? '*' : ''}`)).toEqual([
      'read',
      'watermark',
      'filter',
      'project',
      'aggregate*',
    ]);
    expect(nodes.at(-1)?.detail).toContain('window');
  });

  it('ends with the query', async () => {
    const program = await query();
    await program.batch(['a', 1]);
    const { batches } = program.watched.history.facts.queries[0] ?? {};
    await program.close();
    expect(program.watched.history.facts.queries[0]).toMatchObject({ state: 'stopped', batches });
    expect(program.watched.stateOf(program.runId)).toBeUndefined();
  });
});
