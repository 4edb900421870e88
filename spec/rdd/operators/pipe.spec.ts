import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SparkContext } from '../../../lib/index.ts';
import { type Host, host, installHost } from '../../../lib/io/host.ts';
import { failure } from '../../../lib/kernel/errors.ts';

const before = host();
let runs: { readonly command: readonly string[]; readonly lines: string[]; readonly env: object }[] = [];
let isEnded = 0;

/** A host whose programs give each line twice. */
const doubling: NonNullable<Host['pipe']> = async function* double(command, lines, env) {
  const run = { command, lines: [...lines], env };
  runs.push(run);
  try {
    for (const line of run.lines) {
      yield await Promise.resolve(line);
      yield line;
    }
    if (command[0] === 'broken') throw failure('HOST_PROCESS', { command: 'broken', reason: 'it ended with status 2' });
  } finally {
    isEnded += 1;
  }
};

beforeEach(() => {
  runs = [];
  isEnded = 0;
  installHost({ ...before, pipe: doubling });
});

afterEach(() => {
  installHost(before);
});

const numbers = () => new SparkContext().parallelize([1, 2, 3], 2);

describe('pipe', () => {
  it('gives each partition to a process of its own, as lines', async () => {
    const piped = numbers()
      .map((n) => [n, 'x'] as const)
      .pipe('my  program -v', { LANG: 'C' });
    expect(await piped.glom().collect()).toEqual([
      ['(1,x)', '(1,x)'],
      ['(2,x)', '(2,x)', '(3,x)', '(3,x)'],
    ]);
    expect(runs.map(({ command, env }) => [command, env])).toEqual(
      Array.from({ length: 2 }, () => [['my', 'program', '-v'], { LANG: 'C' }]),
    );
  });

  it('takes a list of words as it is', async () => {
    await numbers().pipe(['my program', '']).count();
    expect(runs[0]?.command).toEqual(['my program', '']);
  });

  it('names the step when the program fails', async () => {
    await expect(numbers().pipe('broken').count()).rejects.toMatchObject({
      code: 'HOST_PROCESS',
      where: { operator: 'pipe' },
    });
  });

  it('ends the program when a later step fails', async () => {
    const failing = numbers()
      .pipe('echo')
      .map(() => {
        throw new RangeError('later');
      });
    await expect(failing.count()).rejects.toMatchObject({ where: { operator: 'map' } });
    expect(isEnded).toBe(1);
  });

  it('says so where no program can be started', async () => {
    const { pipe: _, ...browser } = before;
    installHost(browser);
    await expect(numbers().pipe('cat').count()).rejects.toMatchObject({ code: 'NOT_YET' });
  });

  it.each(['', '   ', [], [1], null, 7])('refuses %p as command', (command) => {
    expect(() => numbers().pipe(command as string)).toThrow('RDD_ARGUMENT');
  });
});
