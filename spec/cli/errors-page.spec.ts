import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCatalogue } from '../../lib/kernel/error-catalogue.ts';

const code = sources('lib').filter((path) => !path.includes(join('kernel', 'catalogue')));
const text = code.map((path) => readFileSync(path, 'utf8')).join('\n');
const page = readFileSync('docs/errors.md', 'utf8');

function byCode([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));
}

describe('the error catalogue', () => {
  it('holds no code that nothing raises', () => {
    expect(Object.keys(errorCatalogue).filter((name) => !text.includes(`'${name}'`))).toEqual([]);
  });

  it('is what docs/errors.md shows (npm run errors writes it)', () => {
    const shown = [
      ...page.matchAll(
        /^### ([\w.]+)\n\n(.+)\n\n\*What to do:\* (.+)\n\n(?:Exit status (\d+)(, retriable)?\.|A warning: the program goes on\.)$/gmu,
      ),
    ];
    const rows = shown.map(([, name, message, remedy, exit, retriable]) => [
      name,
      message,
      remedy,
      exit === undefined ? undefined : Number(exit),
      retriable !== undefined,
    ]);
    const expected = Object.entries(errorCatalogue).map(
      ([name, { message, remedy, exit = 1, retriable = false, isWarning }]) => [
        name,
        message.trim().replaceAll(/\s*\n\s*/gu, ' '),
        remedy.trim().replaceAll(/\s*\n\s*/gu, ' '),
        isWarning === true ? undefined : exit,
        retriable,
      ],
    );
    expect(rows.toSorted(byCode)).toEqual(expected.toSorted(byCode));
  });
});
