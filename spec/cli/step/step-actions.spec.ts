import { afterEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stepActions } from '../../../lib/cli/step/step-actions.ts';
import { valueText } from '../../../lib/cli/state/value-text.ts';
import { StepDesk } from '../../../lib/cli/step/step-desk.ts';
import { Stepper } from '../../../lib/cli/step/stepper.ts';
import { StreamingContext } from '../../../lib/index.ts';
import { steppedBatches } from '../../../lib/monitor/client/stepped-batches.ts';
import { type Monitor, startMonitor } from '../../../lib/monitor/server.ts';
import { SourceInput } from '../../../lib/streaming/inputs/source-input.ts';
import { FakeSource } from '../../helpers/fake-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-step-page-spec-'));
let stepper: Stepper | undefined;
let monitor: Monitor | undefined;

afterEach(async () => {
  await monitor?.close();
  await stepper?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<StepDesk> {
  const source = new FakeSource({ 'words-0': ['a', 'b', 'a', 'c', 'd'] });
  const env = { brokers: [], batchInterval: 1000, args: [], checkpointDir: join(folder, 'checkpoint') };
  const setup = (): StreamingContext => {
    const ssc = new StreamingContext({ appName: 'stepped', batchInterval: 1000 });
    ssc
      .inputStream('fake', (step, slideMs) => new SourceInput(step, slideMs, source, { maxRatePerPartition: 2 }))
      .map((word) => new Map([[word, 1n]]))
      .foreachRDD(async (rdd) => {
        await rdd.count();
      });
    return ssc;
  };
  stepper = new Stepper({ path: 'program.ts', setup, env, startMs: 1_700_000_000_000, samples: 3 });
  const ran: number[] = [];
  const desk = new StepDesk(stepper, ({ batch }) => ran.push(batch));
  await stepper.start();
  writeFileSync(join(folder, 'live.js'), '// the page');
  monitor = await startMonitor({
    history: stepper.watched.history,
    stateOf: stepper.watched.stateOf,
    address: '127.0.0.1',
    port: 0,
    assetsFolder: folder,
    token: 'secret',
    actions: stepActions(desk),
    valueText,
  });
  return desk;
}

async function ask(path: string, token?: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const method = token === undefined ? 'GET' : 'POST';
  const response = await fetch(`${monitor?.url ?? ''}api/v1/${path}`, { method, headers });
  return { status: response.status, body: await response.json() };
}

it('steps through a program for whoever knows the token, forward and back', async () => {
  const desk = await start();
  expect((await ask('actions/next', 'wrong')).status).toBe(403);
  expect(desk.stepper.version).toBe(0);
  expect(await ask('program')).toMatchObject({ body: { isStepping: true } });
  expect(await ask('actions/next', 'secret')).toMatchObject({
    body: { done: 'next', said: expect.stringMatching(/^Batch 17\d+ was run\.$/u) },
  });
  const first = desk.stepper.version;
  expect(await ask('streams/0/batches?last=1')).toMatchObject({
    body: [
      {
        records: 2,
        operators: [
          { id: 'fake', sample: ['"a"', '"b"'] },
          { id: 'fake/map', sample: ['[["a","1n"]]', '[["b","1n"]]'] },
        ],
      },
    ],
  });
  expect((await ask('actions/to?to=%2B1', 'secret')).status).toBe(200);
  expect(desk.stepper.version).toBe(first + 1);
  expect(await ask('actions/back', 'secret')).toMatchObject({
    body: { said: expect.stringContaining(`that of version ${first}.`) },
  });
  for (const to of ['', '?to=x', '?to=-1']) {
    expect(await ask(`actions/to${to}`, 'secret')).toMatchObject({
      status: 400,
      body: { error: { code: 'MONITOR_PARAMETER' } },
    });
  }
  await ask('actions/stop', 'secret');
  await expect(desk.ended).resolves.toBeUndefined();
});

it.each([
  ['one run', [[1, 2]], [1, 2]],
  ['back, and not yet forward again', [[1, 2, 3], []], [1, 2]],
  [
    'back and forward',
    [
      [1, 2, 3],
      [3, 4],
    ],
    [1, 2, 3, 4],
  ],
  ['back twice', [[1, 2, 3], [], [2]], [1, 2]],
  ['back to the beginning', [[1], []], []],
])('shows the runs of a stepped program as one: %s', (_, runs, expected) => {
  expect(steppedBatches(runs, (batch) => batch)).toEqual(expected);
});
