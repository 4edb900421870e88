import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteTemporaryState } from '../../../lib/cli/run/temporary-state.ts';
import { ManualClock, Session, StreamingContext } from '../../../lib/index.ts';

const note = 'State is kept in a temporary folder and ends with this process; --checkpoint DIR keeps it.';

let [root, folder] = ['', ''];
let said: string[] = [];
let unwatch: () => void = () => undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-temporary-state-'));
  folder = join(root, 'temporary');
  said = [];
  unwatch = noteTemporaryState(folder, { note: (text) => said.push(text) });
});
afterEach(() => {
  unwatch();
  rmSync(root, { recursive: true, force: true });
});

async function runContext(directory?: string): Promise<void> {
  const context = new StreamingContext({ appName: 'noted', batchInterval: 1000, clock: new ManualClock() });
  context.queueStream([[1]]).foreachRDD(() => undefined);
  // That a queue cannot be read again is not what this is about.
  context.warn = () => undefined;
  if (directory !== undefined) context.checkpoint(directory);
  await context.start();
  await context.stop();
}

async function runQuery(conf: Readonly<Record<string, string>>, location?: string): Promise<void> {
  const spark = Session.builder().getOrCreate().newSession();
  for (const [key, value] of Object.entries(conf)) spark.conf.set(key, value);
  const writer = spark.readStream
    .format('rate-micro-batch')
    .option('rowsPerBatch', 1)
    .load()
    .writeStream.queryName('q')
    .format('noop');
  await (await (location === undefined ? writer : writer.option('checkpointLocation', location)).start()).stop();
}

const rootConf = 'spark.sql.streaming.checkpointLocation';

describe('that state ends with the process', () => {
  it.each<[string, () => Promise<void>]>([
    ['a context with its checkpoint in the temporary folder', async () => await runContext(folder)],
    ['a query with its checkpoint below it', async () => await runQuery({}, join(folder, 'counts'))],
    ['a query whose session keeps checkpoints below it', async () => await runQuery({ [rootConf]: folder })],
    ['a folder whose name begins with two dots', async () => await runQuery({}, join(folder, '..counts'))],
  ])('is said for %s', async (_, run) => {
    await run();
    expect(said).toEqual([note]);
  });

  it.each<[string, () => Promise<void>]>([
    ['a context without a checkpoint', async () => await runContext()],
    ['a context with a folder of its own', async () => await runContext(join(root, 'own'))],
    ['a query without a checkpoint', async () => await runQuery({})],
    ['a query with a checkpoint of its own', async () => await runQuery({}, join(root, 'own'))],
    ['a folder whose name begins alike', async () => await runQuery({}, `${folder}-own`)],
  ])('is not said for %s', async (_, run) => {
    await run();
    expect(said).toEqual([]);
  });

  it('is said once, whatever starts', async () => {
    await runQuery({}, join(root, 'own'));
    await runQuery({}, join(folder, 'a'));
    await runQuery({}, join(folder, 'b'));
    await runContext(join(folder, 'c'));
    expect(said).toEqual([note]);
  });

  it('is not said once nobody watches', async () => {
    unwatch();
    await runQuery({}, join(folder, 'a'));
    expect(said).toEqual([]);
  });
});
