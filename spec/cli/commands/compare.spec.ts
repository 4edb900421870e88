import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dispatch } from '../../../lib/cli/dispatch.ts';
import type { Start } from '../../../lib/compare/page-start.ts';
import { pairs } from '../../../lib/compare/pairs/index.ts';
import { Terminal } from '../../../lib/cli/output/terminal.ts';

// A page is bundled, and the machine may be busy with others.
jest.setTimeout(60_000);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-compare-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Status and standard output of a command line, run in this process. */
async function said(words: readonly string[]): Promise<{ readonly status: number; readonly output: string }> {
  const terminal = new Terminal({ json: words.includes('--json'), quiet: true, verbose: false, noColor: true });
  let output = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  try {
    return { status: await dispatch(['compare', ...words], terminal), output };
  } finally {
    write.mockRestore();
  }
}

const few = ['--records', '12'];
const same = ['--disorder', '0', '--late', '0%'];

describe('millrace compare', () => {
  it('lists its pairs, as a table and as JSON', async () => {
    expect((await said([])).output).toMatch(/\|\s+tumbling\|.*\n.*\|\s+sliding\|/u);
    expect(JSON.parse((await said(['--json'])).output.split('\n')[0] ?? '')).toMatchObject({
      v: 1,
      type: 'pair',
      name: 'tumbling',
    });
  });

  it('shows both results side by side, and the reason of each difference by record', async () => {
    const data = file(
      'late.jsonl',
      [
        '{"key":"ann","time":"2026-01-05T12:04:58Z","arrival":"2026-01-05T12:05:01Z"}',
        '',
        '{"key":"bob","time":"2026-01-05T12:05:30Z","arrival":"2026-01-05T12:05:30Z"}',
        '{"key":"ann","time":"2026-01-05T12:04:57Z","arrival":"2026-01-05T12:05:37Z"}',
      ].join('\n'),
    );
    const { output } = await said(['tumbling', '--data', data]);
    expect(output).toBe(
      [
        'tumbling: Counts in tumbling windows, by count',
        '3 records from 12:05:00 to 12:06:00, batch 2 s, window 20 s, watermark 10 s behind, update mode',
        '+-----------------+---+-------+----------+-------+',
        '|           window|row|DStream|structured|       |',
        '+-----------------+---+-------+----------+-------+',
        '|12:04:40-12:05:00|ann|      -|         1|differs|',
        '|12:05:00-12:05:20|ann|      1|         -|differs|',
        '|12:05:20-12:05:40|ann|      1|         -|differs|',
        '|12:05:20-12:05:40|bob|      1|         1|       |',
        '+-----------------+---+-------+----------+-------+',
        '3 of 4 rows differ. Structured dropped 1 late row.',
        "Why, by record: < is only in DStream's row, > only in structured's.",
        '',
        '12:04:40-12:05:00 ann: DStream count -, structured count 1',
        '  > event 12:04:58 (ann) arrived at 12:05:01: DStream counted it in 12:05:00-12:05:20 ann, in batch 12:05:02; structured counted it here, in batch 12:05:02',
        '',
        '12:05:00-12:05:20 ann: DStream count 1, structured count -',
        '  < event 12:04:58 (ann) arrived at 12:05:01: DStream counted it here, in batch 12:05:02; structured counted it in 12:04:40-12:05:00 ann, in batch 12:05:02',
        '',
        '12:05:20-12:05:40 ann: DStream count 1, structured count -',
        '  < event 12:04:57 (ann) arrived at 12:05:37: DStream counted it here, in batch 12:05:38; structured dropped it in batch 12:05:38: late by 23 s, watermark 12:05:20',
        '',
      ].join('\n'),
    );
  });

  it('gives the whole comparison as one line of JSON', async () => {
    const { output } = await said(['tumbling', '--json', '--records', '30']);
    const model = JSON.parse(output) as {
      readonly rows: readonly { readonly reasons: readonly { readonly text: string }[] }[];
    };
    expect(model).toMatchObject({ v: 1, type: 'comparison', pair: 'tumbling', settings: { count: 30 } });
    expect(model.rows.flatMap(({ reasons }) => reasons.map(({ text }) => text)).join('\n')).toMatch(/^event 12:/u);
  });

  it('takes every setting of a comparison', async () => {
    const flags =
      '--interval 4s --window 12s --slide 4s --watermark 0 --mode append --skew 3s --seed 9 --top 1 --restart';
    const { output } = await said(['sliding', '--json', ...few, ...same, ...flags.split(' ')]);
    expect(JSON.parse(output)).toMatchObject({
      settings: {
        batchMs: 4000,
        windowMs: 12_000,
        slideMs: 4000,
        watermarkMs: 0,
        mode: 'append',
        disorderMs: 0,
        latePercent: 0,
        skewMs: 3000,
        seed: 9,
        top: 1,
        restart: true,
      },
    });
  });

  it('writes a page that needs nothing else', async () => {
    const path = join(folder, 'page.html');
    await said(['tumbling', '--html', path, ...few]);
    const page = readFileSync(path, 'utf8');
    expect(page.length).toBeLessThan(1_000_000);
    expect(page).toMatch(/^<!doctype html>/u);
    expect(page).not.toMatch(/<(?:script|img|link)[^>]+(?:src|href)="(?!data:)/u);
    const [, start = '{}'] = /<script type="application\/json" id="start">(.*)<\/script>/u.exec(page) ?? [];
    const { programs } = JSON.parse(start) as Start;
    expect(Object.keys(programs)).toEqual(pairs.map(({ name }) => name));
    expect(programs['tumbling']?.structured).toBe(
      [
        '(events, { windowMs, watermarkMs }) =>',
        '  events',
        "    .withWatermark('time', `${watermarkMs} milliseconds`)",
        "    .groupBy(window('time', `${windowMs} milliseconds`).alias('window'), 'key')",
        "    .agg(count('*').alias('value'), collectList('id').alias('records'))",
      ].join('\n'),
    );
    // A reader sees each step on a line of its own.
    for (const { dstream, structured } of Object.values(programs)) {
      expect([dstream, structured].filter((text) => text.split('\n').some((line) => line.length > 120))).toEqual([]);
    }
    await expect(said(['tumbling', '--html', join(folder, 'nowhere', 'a.html'), ...few])).rejects.toMatchObject({
      code: 'CLI_FILE',
    });
  });

  it('ends with status 5 when the results are not as expected', async () => {
    expect((await said(['tumbling', ...few, ...same, '--expect', 'same'])).status).toBe(0);
    await expect(said(['tumbling', ...few, ...same, '--expect', 'different'])).rejects.toMatchObject({
      code: 'COMPARE_UNEXPECTED',
      exitCode: 5,
    });
  });

  it.each([
    ['a pair that is not there', ['hopping'], 'COMPARE_PAIR_UNKNOWN', 'There is no pair hopping.'],
    [
      'a wrong expectation',
      ['tumbling', '--expect', 'equal'],
      'CLI_OPTION',
      '--expect cannot be equal. Use same or different.',
    ],
    ['a wrong mode', ['tumbling', '--mode', 'all'], 'CLI_OPTION', '--mode cannot be all.'],
    ['a wrong share', ['tumbling', '--late', '120%'], 'CLI_OPTION', '--late cannot be 120%.'],
    ['one program without the other', ['--dstream', 'a.ts'], 'CLI_USAGE', '--structured is missing.'],
    ['a pair and programs', ['tumbling', '--dstream', 'a.ts'], 'CLI_USAGE', 'Name a pair, or two programs'],
    ['a file that is not there', ['tumbling', '--data', 'nix.jsonl'], 'CLI_FILE', 'Cannot read nix.jsonl'],
  ])('refuses %s', async (_, words, code, problem) => {
    await expect(said(words)).rejects.toMatchObject({ code, message: expect.stringContaining(problem) });
  });

  it.each([
    ['no JSON', 'x', 'it is no JSON object'],
    ['no time', '{"key":"a"}', 'its time is neither'],
    ['a wrong arrival', '{"time":1,"arrival":"soon"}', 'its arrival is neither'],
    ['a wrong partition', '{"time":1,"partition":-1}', 'its partition is no whole number'],
    ['a wrong value', '{"time":1,"value":"7"}', 'its value is no number'],
    ['a wrong stream', '{"time":1,"stream":"up"}', 'its stream is neither'],
  ])('names the line of a record with %s', async (_, line, problem) => {
    const data = file('wrong.jsonl', `{"time":1}\n${line}\n`);
    await expect(said(['tumbling', '--data', data])).rejects.toMatchObject({
      code: 'COMPARE_RECORD',
      message: expect.stringContaining(`Line 2 of the data is no record: ${problem}`),
    });
  });
});
