import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchText } from '../../../lib/cli/step/step-program.ts';
import { Stepper, type SteppedBatch } from '../../../lib/cli/step/stepper.ts';
import { Session, StreamingContext } from '../../../lib/index.ts';
import type { ProgramEnv } from '../../../lib/kernel/program.ts';
import { SourceInput } from '../../../lib/streaming/inputs/source-input.ts';
import { memoryStream } from '../../../lib/testing/index.ts';
import { FakeSource } from '../../helpers/fake-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-step-spec-'));
let stepper: Stepper | undefined;
let runs = 0;

afterEach(async () => {
  await stepper?.close();
  stepper = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function start(setup: (env: ProgramEnv) => unknown): Promise<Stepper> {
  runs += 1;
  const env = { brokers: [], batchInterval: 1000, args: [], checkpointDir: join(folder, String(runs)) };
  stepper = new Stepper({ path: 'program.ts', setup, env, startMs: 1_700_000_000_000, samples: 3 });
  await stepper.start();
  return stepper;
}

function given(batch: SteppedBatch | undefined): string | undefined {
  return batch?.operators.map(({ id, rows, sample }) => `${id} ${rows} ${JSON.stringify(sample)}`).join(' | ');
}

describe('stepping through a context', () => {
  const source = new FakeSource({ 'words-0': ['a', 'b', 'a', 'c'] });
  const words = (env: ProgramEnv): StreamingContext => {
    const ssc = new StreamingContext({ appName: 'stepped', batchInterval: env.batchInterval });
    ssc
      .inputStream('fake', (step, slideMs) => new SourceInput(step, slideMs, source, { maxRatePerPartition: 2 }))
      .map((word) => [word, 1] as const)
      .updateStateByKey((counts, state: number | null) => (state ?? 0) + counts.length)
      .name('counts')
      .foreachRDD(async (rdd) => {
        await rdd.count();
      });
    return ssc;
  };

  it('goes forward on demand, and back to the state of each version', async () => {
    const steps = await start(words);
    expect(steps.version).toBe(0);
    const first = await steps.next();
    expect(given(first)).toBe('fake 2 ["a","b"] | fake/map 2 [["a",1],["b",1]] | counts 2 [["b",1],["a",1]]');
    const second = await steps.next();
    expect(given(second)).toBe('fake 2 ["a","c"] | fake/map 2 [["a",1],["c",1]] | counts 3 [["b",1],["a",2],["c",1]]');
    expect(await steps.back()).toBe(1);
    const again = await steps.next();
    expect(again).toMatchObject({ batch: second?.batch, version: 2 });
    expect(given(again)).toBe(given(second));
    expect([await steps.back(), await steps.back()]).toEqual([1, 0]);
    expect(given(await steps.next())).toBe(given(first));
    await steps.back();
    await expect(steps.back()).rejects.toMatchObject({ code: 'STATE_VERSION_NOT_RETAINED' });
    expect(given(await steps.next())).toBe(given(first));
  });

  it('does not go back where the input cannot be read again, and goes on', async () => {
    const steps = await start((env) => {
      const ssc = new StreamingContext({ appName: 'queue', batchInterval: env.batchInterval });
      ssc.queueStream([[1], [2]]).foreachRDD(async (rdd) => {
        await rdd.count();
      });
      return ssc;
    });
    await steps.next();
    await expect(steps.back()).rejects.toMatchObject({ code: 'STREAM_QUEUE_NOT_RECOVERABLE' });
    expect(given(await steps.next())).toBe('queue 1 [2]');
  });

  it('ends with the failure of a batch', async () => {
    const steps = await start((env) => {
      const ssc = new StreamingContext({ appName: 'failing', batchInterval: env.batchInterval });
      ssc.queueStream([[1]]).foreachRDD(() => {
        throw new RangeError('no room');
      });
      return ssc;
    });
    await expect(steps.next()).rejects.toThrow('no room');
  });
});

describe('stepping through a query', () => {
  it('goes forward while there is something new, and back', async () => {
    const steps = await start(async (env) => {
      const spark = new Session({ config: { 'spark.sql.session.timeZone': 'UTC' } });
      const events = memoryStream(spark, 'k STRING').addData(['a'], ['b'], ['a']);
      return await events
        .toDF()
        .groupBy('k')
        .count()
        .writeStream.outputMode('update')
        .format('noop')
        .option('checkpointLocation', env.checkpointDir)
        .start();
    });
    const first = await steps.next();
    expect(given(first)).toBe(
      'read 3 [{"k":"a"},{"k":"b"},{"k":"a"}] | aggregate 2 [{"k":"a","count":2},{"k":"b","count":1}]',
    );
    expect(await steps.next()).toBeUndefined();
    expect(await steps.back()).toBe(0);
    expect(given(await steps.next())).toBe(given(first));
  });

  it('takes one context or one query', async () => {
    await expect(start(() => [])).rejects.toMatchObject({ code: 'CLI_STEP_PROGRAM' });
  });
});

describe('a batch as text', () => {
  it.each([60, 80, 200])('fits %i columns', (columns) => {
    const operators = [{ id: 'kafka/flat-map', rows: 12, sample: ['x'.repeat(90), 'y'.repeat(90)] }];
    const text = batchText({ batch: 1000, version: 3, records: 1, operators }, columns);
    expect(text.split('\n')[0]).toBe('Batch 1000, 1 record, version 3');
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(columns);
  });

  it('is whole where nobody watches', () => {
    const operators = [{ id: 'map', rows: 5, sample: ['a', 1] }];
    expect(batchText({ batch: 0, version: 1, records: 5, operators }, Number.POSITIVE_INFINITY)).toBe(
      'Batch 0, 5 records, version 1\n  map       5  "a", 1, ...',
    );
  });
});
