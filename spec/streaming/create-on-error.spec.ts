import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, StreamingContext } from '../../lib/index.ts';
import { TimedInput } from '../../lib/streaming/inputs/timed-input.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-create-'));
});

afterEach(async () => {
  await StreamingContext.getActive()?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const warnings: string[] = [];
const out: [number, unknown][] = [];

/** Runs one batch more of a program that counts its batches, on the checkpoint in the folder. */
async function run(clock: ManualClock, options: { readonly createOnError?: boolean } = {}): Promise<void> {
  const create = (): StreamingContext => {
    const ssc = new StreamingContext({ appName: 'count', batchInterval: 1000, clock });
    ssc.warn = (text) => warnings.push(text);
    ssc
      .inputStream('timed', (step, slide) => new TimedInput(step, slide, () => [['a', 1] as const], 1))
      .updateStateByKey<string, number, number>((values, state) => values.length + (state ?? 0))
      .foreachRDD(async (rdd, time) => void out.push([time, await rdd.collect()]));
    return ssc;
  };
  const ssc = await StreamingContext.getOrCreate(join(folder, 'checkpoint'), create, options);
  await ssc.start();
  await clock.advance(1000);
  await ssc.stop();
}

function other(): StreamingContext {
  const ssc = new StreamingContext({ appName: 'other', batchInterval: 1000, clock: new ManualClock() });
  ssc.queueStream([[1]]).print();
  return ssc;
}

describe('a checkpoint that cannot be read', () => {
  beforeEach(async () => {
    warnings.length = 0;
    out.length = 0;
    await run(new ManualClock());
    for (const name of readdirSync(join(folder, 'checkpoint'))) {
      const file = join(folder, 'checkpoint', name);
      if (name.endsWith('.json')) writeFileSync(file, 'no manifest');
    }
  });

  it('is refused', async () => {
    await expect(run(new ManualClock(1000))).rejects.toMatchObject({ code: 'CHECKPOINT_DAMAGED' });
  });

  it('is kept aside with createOnError, and the program begins anew', async () => {
    await run(new ManualClock(5000), { createOnError: true });
    expect(out).toEqual([
      [1000, [['a', 1]]],
      [6000, [['a', 1]]],
    ]);
    expect(readdirSync(folder).toSorted()).toEqual(['checkpoint', 'checkpoint.unreadable-5000']);
    expect(readdirSync(join(folder, 'checkpoint.unreadable-5000')).map((name) => name.endsWith('.json'))).toContain(
      true,
    );
    expect(warnings.join()).toContain('checkpoint.unreadable-5000');
  });
});

describe('createOnError', () => {
  it('goes on where the checkpoint can be read', async () => {
    out.length = 0;
    await run(new ManualClock());
    await run(new ManualClock(1000), { createOnError: true });
    expect(out.at(-1)).toEqual([2000, [['a', 2]]]);
  });

  it('leaves the checkpoint of another program alone', async () => {
    await run(new ManualClock());
    const ssc = await StreamingContext.getOrCreate(join(folder, 'checkpoint'), other, { createOnError: true });
    await expect(ssc.start()).rejects.toMatchObject({ exitCode: 4 });
    expect(readdirSync(folder)).toEqual(['checkpoint']);
  });
});
