import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millrace } from '../e2e/millrace.ts';

// Each question is a process.
jest.setTimeout(60_000);

/** Counts events of files by window. */
const program = (key: string): string => `
import { Session } from 'millrace';
import { window } from 'millrace/functions';
export default async (env) =>
  await Session.builder().config('spark.sql.session.timeZone', 'UTC').getOrCreate()
    .readStream.schema('k STRING, ts TIMESTAMP').option('maxFilesPerTrigger', 1).json(env.args[0])
    .withWatermark('ts', '0 seconds').filter("k != 'x'").groupBy(window('ts', '10 seconds'), '${key}').count()
    .writeStream.format('noop').trigger({ availableNow: true })
    .option('checkpointLocation', env.checkpointDir).start();
`;

let folder = '';
const path = (name: string): string => join(folder, name);

function event(k: string, second: number): string {
  return JSON.stringify({ k, ts: new Date(Date.UTC(2024, 0, 1) + second * 1000).toISOString() });
}

beforeAll(async () => {
  // Inside of the tree, so that programs find the package.
  mkdirSync('coverage', { recursive: true });
  folder = mkdtempSync(join('coverage', 'why-'));
  mkdirSync(path('in'));
  const files = [[event('a', 3), event('x', 4)], [event('b', 16)], [event('c', 17)], [event('a', 5), event('c', 18)]];
  for (const [i, lines] of files.entries()) writeFileSync(path(`in/${i}.json`), `${lines.join('\n')}\n`);
  writeFileSync(path('query.mjs'), program('k'));
  writeFileSync(path('other.mjs'), program('ts'));
  await millrace(['run', path('query.mjs'), '--checkpoint', path('state'), '--quiet', '--', path('in')]);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function why(...words: string[]) {
  return await millrace(['why', path('state'), ...words]);
}

const given = (name = 'query.mjs'): string[] => ['--program', path(name), '--', path('in')];

/** Of `--json`. */
function recordOf(stdout: string): unknown {
  return (JSON.parse(stdout) as { records: unknown[] }).records[0];
}

describe('millrace why', () => {
  it('follows a line of a file through the plan of the program', async () => {
    const { status, stdout } = await why('3.json:1', ...given());
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^3\.json:1 was read by batch \d\.$/u),
      expect.stringMatching(
        /^ {2}aggregate: dropped as late: the end of its window 2024-01-01 00:00:00 - 2024-01-01 00:00:10 is not after the watermark 2024-01-01 00:00:16, .*\(6 s too late\)\. .* was given out by batch \d with 1 group/u,
      ),
      '',
    ]);
    expect(status).toBe(0);
  });

  it.each([
    ['in/0.json:1', { steps: [{ outcome: 'counted', window: { state: 'closed' } }] }],
    ['in/0.json:2', { steps: [], endedAt: expect.stringContaining('Filter') }],
    ['3.json:2', { steps: [{ outcome: 'counted', window: { state: 'open', groups: 2 } }] }],
    ['3.json:9', { missing: { code: 'WHY_RECORD_GONE' } }],
  ])('gives it as JSON, too: %s', async (question, expected) => {
    const { stdout } = await why(question, '--json', ...given());
    expect(recordOf(stdout)).toMatchObject(expected);
  });

  it('tells of a group without the program', async () => {
    const { stdout } = await why('2024-01-01 00:00:17', '--key', '{"k":"c"}');
    expect(stdout).toMatch(/^aggregate: \{"k":"c"\} is in the state since batch \d\. The window .* is open/u);
  });

  it('tells of a record what it can, and with a code what it cannot', async () => {
    const { status, stdout } = await why('0.json:1');
    expect(stdout).toContain('0.json:1 was read by batch 0.');
    expect(stdout).toContain('[WHY_NO_PROGRAM]');
    expect(status).toBe(0);
    expect(recordOf((await why('0.json:1', '--json', ...given('other.mjs'))).stdout)).toMatchObject({
      missing: { code: 'WHY_OTHER_PROGRAM' },
    });
  });

  it.each<[string, () => string[], string]>([
    ['a file that it did not read', () => ['7.json:1'], 'WHY_NO_PARTITION'],
    ['no question', () => [], 'CLI_USAGE'],
    ['a key that is no object', () => ['--key', '[1]'], 'CLI_OPTION'],
    [
      'a program with its state elsewhere',
      () => ['0.json:1', '--checkpoint', '/elsewhere', ...given()],
      'WHY_PROGRAM_QUERY',
    ],
  ])('refuses %s', async (_, words, code) => {
    const { status, stderr } = await why(...words());
    expect(stderr).toContain(`[${code}]`);
    expect(status).toBe(2);
  });

  it('says of a line whose file has gone that it has', async () => {
    rmSync(path('in/1.json'));
    expect(recordOf((await why('1.json:1', '--json', ...given())).stdout)).toMatchObject({
      isRead: true,
      missing: { code: 'WHY_RECORD_GONE' },
    });
  });
});
