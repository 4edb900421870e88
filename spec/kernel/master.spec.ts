import { describe, expect, it } from '@jest/globals';
import { localThreads } from '../../lib/kernel/master.ts';

describe('a master', () => {
  it.each([
    ['local', 1],
    ['local[1]', 1],
    ['local[3]', 3],
    ['local[2,4]', 2],
    ['local[*]', 8],
    ['spark://host:7077', undefined],
    ['yarn', undefined],
  ])('%s asks for %j threads of 8 processors', (master, expected) => {
    expect(localThreads(master, 8)).toBe(expected);
  });

  it.each(['local[]', 'local[0]', 'local[-1]', 'local[two]', 'local[2', 'local 2', 'local[99999]'])(
    'refuses %s',
    (master) => {
      expect(() => localThreads(master, 8)).toThrow(
        expect.objectContaining({ code: 'CONFIG_VALUE', message: expect.stringContaining('local[N]') }),
      );
    },
  );
});
