import { describe, expect, it } from '@jest/globals';
import { FileSelection, isVisible, rememberWindow } from '../../../lib/streaming/inputs/file-selection.ts';

/** `name@time` for a file and the time of its last change. */
function entries(text: string): { path: string; sizeBytes: number; modifiedMs: number }[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [name = '', time = ''] = word.split('@');
      return { path: `in/${name}`, sizeBytes: 1, modifiedMs: Number(time) };
    });
}

function names(files: readonly { readonly path: string }[]): string {
  return files.map(({ path }) => path.slice('in/'.length)).join(' ');
}

function selection(more: { newerThanMs?: number; accept?: (path: string) => boolean } = {}): FileSelection {
  return new FileSelection({ newerThanMs: 500, rememberMs: 3000, accept: isVisible, ...more });
}

describe('the selection of files', () => {
  it.each<[rule: string, listings: readonly string[], taken: string]>([
    ['takes what was changed by the batch time, the time itself included', ['a@900 b@1000 c@1001'], 'a b'],
    ['leaves out what was changed at the start or before', ['a@499 b@500 c@501'], 'c'],
    ['sorts by name', ['b@600 a@700'], 'a b'],
    ['leaves out hidden files', ['.a@600 b@600'], 'b'],
    ['counts whole milliseconds, as Spark does', ['a@500.9 b@1000.9'], 'b'],
    ['takes a file once', ['a@900', 'a@900 b@1500'], 'a | b'],
    ['takes a file once, also when it was changed since', ['a@900', 'a@1900'], 'a | '],
    ['takes in the next batch what was changed after this one', ['a@1001', 'a@1001'], ' | a'],
    ['takes what comes late, within the window', ['x@600', 'x@600', 'x@600', 'x@600 a@1001'], 'x |  |  | a'],
    ['leaves out what is older than the window', ['x@600', 'x@600', 'x@600', 'x@600 a@1000'], 'x |  |  | '],
    [
      'takes a file again that was changed a whole window after it was taken',
      ['a@900', '', '', '', 'a@4500'],
      'a |  |  |  | a',
    ],
  ])('%s', (_, listings, expected) => {
    const files = selection();
    const taken = listings.map((listing, i) => {
      const time = (i + 1) * 1000;
      files.list(entries(listing), time);
      const batch = names(files.take(time));
      files.forget(time);
      return batch;
    });
    expect(taken.join(' | ')).toBe(expected);
  });

  it('gives each batch of a backlog the files of its own time, from one listing', () => {
    const files = selection();
    files.list(entries('c@2500 a@600 b@1900 d@9000'), 1000);
    expect([1000, 2000, 3000, 4000].map((time) => names(files.take(time)))).toEqual(['a', 'b', 'c', '']);
  });

  it('does not take what an earlier plan has taken', () => {
    const files = selection();
    files.add([{ path: 'in/a', sizeBytes: 1, modifiedMs: 900 }], 1000);
    files.list(entries('a@900 b@900'), 2000);
    expect(names(files.take(2000))).toBe('b');
  });

  it('asks the program for each file when it has its own rule, hidden ones too', () => {
    const files = selection({ accept: (path) => path.endsWith('.csv') });
    files.list(entries('.a.csv@600 b.txt@600 c.csv@600'), 1000);
    expect(names(files.take(1000))).toBe('.a.csv c.csv');
  });

  it.each<[what: string, listings: readonly string[], told: string]>([
    ['of none at the first look', ['old@100'], ''],
    ['of one that comes with an old time', ['x@600', 'x@600 old@100'], ' | old'],
    ['of none that was there before', ['x@600', 'x@600', 'x@600', 'x@600', 'x@600'], ' |  |  |  | '],
  ])('tells of files that are new and never read: %s', (_, listings, expected) => {
    const files = selection();
    const told = listings.map((listing, i) => {
      const missed = names(files.list(entries(listing), (i + 1) * 1000));
      files.take((i + 1) * 1000);
      return missed;
    });
    expect(told.join(' | ')).toBe(expected);
  });

  it.each([
    [1000, 60_000, 60_000],
    [7000, 60_000, 63_000],
    [90_000, 60_000, 90_000],
    [1000, 0, 1000],
  ])('with batches of %d ms and at least %d ms the window is %d ms', (slideMs, leastMs, expected) => {
    expect(rememberWindow(slideMs, leastMs)).toBe(expected);
  });
});
