import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lessons } from '../../lib/learn/lessons/index.ts';
import { millrace } from './millrace.ts';

// Several processes a case, on machines that do other work as well.
jest.setTimeout(60_000);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-learn-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('millrace learn', () => {
  it('lists every lesson', async () => {
    const { stdout, status } = await millrace(['learn', '--json']);
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { name: string }).name);
    expect({ names, status }).toEqual({ names: lessons.map(({ name }) => name), status: 0 });
  });

  it('shows the program, the question, the run, whether the prediction was right, and the task', async () => {
    const { stdout, status } = await millrace(['learn', 'batch-intervals', '--answer', '2']);
    const parts = [
      'Architecture: batch intervals\n=====',
      'queueStream',
      '  2  Nothing: there is no batch',
      'The run\n\n  12:00:01: (a,1) (b,1)\n',
      'You predicted 2; the run shows 1, A batch with nothing in it.',
      'Your task\n\nCount the words of the last two seconds, every second.',
      'millrace learn batch-intervals --check batch-intervals.ts',
    ];
    const places = parts.map((part) => stdout.indexOf(part));
    expect({ stdout, places }).toEqual({ stdout, places: places.toSorted((a, b) => a - b) });
    expect(places[0]).toBe(0);
    expect(status).toBe(0);
  });

  it('breaks its text as COLUMNS asks where there is no terminal', async () => {
    const { stdout } = await millrace(['learn', 'watermarks'], { environment: { COLUMNS: '60' } });
    const [text = ''] = stdout.split('The program\n');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('hands the program out, says what it lacks, and says so when it is mended', async () => {
    const copied = await millrace(['learn', 'watermarks', '--copy', folder]);
    const path = join(folder, 'watermarks.ts');
    expect(copied.stdout.startsWith(path)).toBe(true);
    const open = await millrace(['learn', 'watermarks', '--check', path]);
    expect(open).toMatchObject({
      status: 1,
      stderr:
        '[LEARN_NOT_SOLVED] The task of watermarks is not solved: it does not print "batch 5: 12:00:00-12:00:10 2".\nThe delay is the second argument of withWatermark.\n',
    });
    copyFileSync('samples/lessons/watermarks-mended.ts', path);
    const solved = await millrace(['learn', 'watermarks', '--check', path]);
    expect(solved.status).toBe(0);
    expect(solved.stdout).toContain('Solved: The watermark. Next: millrace learn dataframes');
  });

  it('gives a solution that is a program where it goes into a file', async () => {
    const { stdout, stderr, status } = await millrace(['learn', 'watermarks', '--solution']);
    expect({ stdout, status }).toEqual({
      stdout: readFileSync('samples/lessons/watermarks-mended.ts', 'utf8'),
      status: 0,
    });
    expect(stderr).toContain('It prints\n  batch ');
  });

  it.each([
    ['a lesson that is not there', ['wtermarks'], 2, /^\[LEARN_UNKNOWN_LESSON\].*\nDid you mean watermarks\?/u],
    ['a lesson that is near to none', ['nope'], 2, /^\[LEARN_UNKNOWN_LESSON\].*\nmillrace learn lists them all\.\n$/u],
    [
      'a prediction that is none of the choices',
      ['watermarks', '--answer', '9'],
      2,
      /^\[CLI_OPTION\].*\nUse a number from 1 to 2/u,
    ],
    ['a program of another form', ['watermarks', '--check', 'other.mjs'], 2, /^\[LEARN_PROGRAM\]/u],
  ])('refuses %s', async (_, words, status, text) => {
    writeFileSync(join(folder, 'other.mjs'), 'export const lesson = 1;\n');
    const result = await millrace([
      'learn',
      ...words.map((word) => (word === 'other.mjs' ? join(folder, word) : word)),
    ]);
    expect(result.stderr).toMatch(text);
    // Refused before anything is shown.
    expect(result.stdout).toBe('');
    expect(result.status).toBe(status);
  });
});
