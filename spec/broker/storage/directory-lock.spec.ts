import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockDirectory } from '../../../lib/broker/storage/directory-lock.ts';
import { temporaryDirectories } from './temporary-directory.ts';

const newDirectory = temporaryDirectories();

describe('the lock of a broker directory', () => {
  it('is held once, by this process too, and named after its holder', () => {
    const dir = newDirectory();
    const unlock = lockDirectory(dir);
    expect(() => lockDirectory(dir)).toThrow(`is in use by process ${process.pid}`);
    unlock();
    lockDirectory(dir)();
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['a process that is gone', JSON.stringify({ pid: 2 ** 30, startedAt: '1' })],
    [
      'an earlier process with a number that is in use again',
      JSON.stringify({ pid: process.pid, startedAt: 'earlier' }),
    ],
    ['nobody who can be read', 'garbage'],
  ])('is taken over from %s', (_, content) => {
    const dir = newDirectory();
    writeFileSync(join(dir, 'lock'), content);
    const unlock = lockDirectory(dir);
    expect(readFileSync(join(dir, 'lock'), 'utf8')).toContain(`"pid":${process.pid}`);
    unlock();
    expect(existsSync(join(dir, 'lock'))).toBe(false);
  });

  it('is not given free for someone else', () => {
    const dir = newDirectory();
    const unlock = lockDirectory(dir);
    writeFileSync(join(dir, 'lock'), 'another');
    unlock();
    expect(existsSync(join(dir, 'lock'))).toBe(true);
  });
});
