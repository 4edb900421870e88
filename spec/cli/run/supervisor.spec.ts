import { afterEach, describe, expect, it } from '@jest/globals';
import { Terminal } from '../../../lib/cli/output/terminal.ts';
import type { RunLimits } from '../../../lib/cli/run/run-options.ts';
import { Supervisor } from '../../../lib/cli/run/supervisor.ts';
import { ManualClock, StreamingContext } from '../../../lib/index.ts';

const terminal = new Terminal({ json: false, quiet: true, verbose: false, noColor: true });

interface Run {
  readonly supervisor: Supervisor;
  readonly context: StreamingContext;
  readonly clock: ManualClock;
  readonly counts: readonly number[];
  readonly watched: readonly string[];
}

let running: Run | undefined;

/** A program with these batches, looked after with these limits. */
async function start(limits: RunLimits, batches: number[][]): Promise<Run> {
  const clock = new ManualClock();
  const watched: string[] = [];
  const supervisor = new Supervisor(limits, terminal, {
    batchStarted: (time) => watched.push(`started ${time}`),
    batchEnded: () => watched.push('ended'),
  });
  const context = new StreamingContext({ appName: 'supervised', batchInterval: 1000, clock });
  const counts: number[] = [];
  context.queueStream(batches).foreachRDD(async (rdd) => {
    counts.push(await rdd.count());
  });
  await context.start();
  running = { supervisor, context, clock, counts, watched };
  return running;
}

describe('looking after the contexts of a program', () => {
  afterEach(async () => {
    running?.supervisor.close();
    if (running?.context.getState() === 'ACTIVE') await running.context.stop();
  });

  it.each<[string, RunLimits, number[][], number[]]>([
    ['stops after so many batches', { batches: 2 }, [[1], [1, 2], [3], [4]], [1, 2]],
    ['counts empty batches, too', { batches: 3 }, [[1]], [1, 0, 0]],
    ['stops after the first empty batch', { idleBatches: 1 }, [[1], [1, 2]], [1, 2, 0]],
    ['stops after empty batches in a row only', { idleBatches: 2 }, [[1], [], [1]], [1, 0, 1, 0, 0]],
    ['goes on without a limit', {}, [[1]], [1, 0, 0, 0, 0, 0, 0]],
  ])('%s', async (_, limits, batches, expected) => {
    const { clock, counts, supervisor } = await start(limits, batches);
    await clock.advance(7000);
    expect(counts).toEqual(expected);
    expect(supervisor.totals).toEqual({ batches: expected.length, records: expected.reduce((a, b) => a + b, 0) });
    expect(supervisor.isStopping).toBe(expected.length < 7);
  });

  it('waits for the end, and passes on why a batch failed', async () => {
    const { supervisor, context, clock } = await start({}, [[1]]);
    const ended = supervisor.ended();
    await clock.advance(1000);
    await supervisor.stop(false);
    await expect(ended).resolves.toBeUndefined();
    expect(context.getState()).toBe('STOPPED');
  });

  it('leaves alone what is stopped already', async () => {
    const { supervisor, context } = await start({}, [[1]]);
    const warnings: string[] = [];
    context.warn = (text) => warnings.push(text);
    await context.stop();
    await supervisor.stop(false);
    expect(warnings).toEqual([]);
  });

  it('tells the watchdog which batch is running', async () => {
    const { clock, watched } = await start({}, []);
    await clock.advance(2000);
    expect(watched).toEqual(['started 1000', 'ended', 'started 2000', 'ended']);
  });
});
