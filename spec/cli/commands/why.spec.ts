import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { why } from '../../../lib/cli/commands/why.ts';
import { Flags } from '../../../lib/cli/flags.ts';
import { Terminal } from '../../../lib/cli/output/terminal.ts';
import { window } from '../../../lib/functions.ts';
import { ManualClock, Session } from '../../../lib/index.ts';
import { memoryStream } from '../../../lib/testing/index.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-why-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What the command prints. */
async function told(question: string, json = false, options: Readonly<Record<string, string>> = {}): Promise<string> {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const terminal = new Terminal({ json, quiet: false, verbose: false, noColor: true });
    const status = await why({ words: { dir: folder, question }, rest: [], flags: new Flags(options, {}), terminal });
    expect(status).toBe(0);
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

async function started() {
  const spark = new Session({ clock: new ManualClock(), config: { 'spark.sql.session.timeZone': 'UTC' } });
  const events = memoryStream(spark, 'ts TIMESTAMP');
  const query = await events
    .toDF()
    .withWatermark('ts', '0 seconds')
    .groupBy(window('ts', '10 seconds'))
    .count()
    .writeStream.option('checkpointLocation', folder)
    .format('noop')
    .start();
  events.addData(['2024-01-01 00:00:03'], ['2024-01-01 00:00:12']);
  await query.processAllAvailable();
  return query;
}

describe('millrace why', () => {
  it('answers while the query runs as the query does, and after it has ended', async () => {
    const query = await started();
    const own = await query.why('2024-01-01 00:00:03');
    expect(own.text).toContain('was given out by batch 1 with 1 group');
    expect(await told('2024-01-01 00:00:03')).toBe(`${own.text}\n`);
    expect(JSON.parse(await told('2024-01-01 00:00:03', true))).toEqual({ v: 1, type: 'why', ...own });
    await query.stop();
    expect(await told('2024-01-01 00:00:03')).toBe(`${own.text}\n`);
    expect(await told('2024-01-01 01:00:03', false, { timezone: '+01:00' })).toBe(`${own.text}\n`);
    expect(await told('0:1')).toContain('0:1 was read by batch 0. Windows that ended at 1970-01-01');
  });

  it('refuses what is no question, no zone and no structured query', async () => {
    const query = await started();
    await query.stop();
    await expect(told('soon')).rejects.toMatchObject({ code: 'WHY_QUESTION', exitCode: 2 });
    await expect(told('2024-01-01', false, { timezone: 'Nowhere' })).rejects.toMatchObject({ code: 'CLI_USAGE' });
  });
});
