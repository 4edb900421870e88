import { describe, expect, it } from '@jest/globals';
import { foldersMatching, isGlob } from '../../../lib/streaming/inputs/glob.ts';

const tree = [
  'logs/2025-12/eu',
  'logs/2026-01/eu',
  'logs/2026-01/us',
  'logs/2026-02/us',
  'logs/.staging/eu',
  'logs/a+b',
  'logs/a*b',
  '/var/in/a',
];

/** The folders of the tree directly below one. */
async function foldersOf(folder: string): Promise<readonly string[]> {
  const above = folder === '.' ? '' : folder === '/' ? '/' : `${folder}/`;
  const below = tree.filter((path) => path.startsWith(above) && (above !== '' || !path.startsWith('/')));
  return await Promise.resolve([...new Set(below.map((path) => path.slice(above.length).split('/')[0] ?? ''))]);
}

describe('a path with a pattern', () => {
  it.each<[pattern: string, folders: string]>([
    ['logs/2026-*', 'logs/2026-01 logs/2026-02'],
    ['logs/*/eu', 'logs/2025-12/eu logs/2026-01/eu'],
    ['*/2026-01/*', 'logs/2026-01/eu logs/2026-01/us'],
    ['logs/202?-0?', 'logs/2026-01 logs/2026-02'],
    ['logs/2026-0[2-9]', 'logs/2026-02'],
    ['logs/2026-0[^1]', 'logs/2026-02'],
    ['logs/{2025-12,2026-02}', 'logs/2025-12 logs/2026-02'],
    ['logs/{2025-12,2026-{01,02}/us}', 'logs/2025-12 logs/2026-01/us logs/2026-02/us'],
    ['logs/{2026,2026}-*', 'logs/2026-01 logs/2026-02'],
    ['logs/.s*', 'logs/.staging'],
    ['logs/a+?', 'logs/a+b'],
    [String.raw`logs/a\*?`, 'logs/a*b'],
    ['logs/a[*]b', 'logs/a*b'],
    ['/var/*/a', '/var/in/a'],
    ['/*/in', '/var/in'],
    ['logs/*/none', ''],
    ['logs/{2026-01', 'logs/{2026-01'],
  ])('%s stands for %s', async (pattern, folders) => {
    expect((await foldersMatching(pattern, foldersOf)).join(' ')).toBe(folders);
  });

  it.each([
    ['logs/2026', false],
    ['logs/*', true],
    ['logs/a?', true],
    ['logs/[ab]', true],
    ['logs/{a,b}', true],
    [String.raw`logs/\*`, false],
  ])('%s is one: %s', (path, expected) => {
    expect(isGlob(path)).toBe(expected);
  });
});
