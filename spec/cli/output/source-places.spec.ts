import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sourcePlaces } from '../../../lib/cli/output/source-places.ts';
import { packageFolder } from '../../../lib/cli/package.ts';

/** Where a text stands in the build: `<file>:<line>:<column>`. */
function builtPlaceOf(text: string): string {
  const folder = join(packageFolder, 'dist', 'chunks');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    const line = lines.findIndex((candidate) => candidate.includes(text));
    if (line >= 0) return `${join(folder, name)}:${line + 1}:${(lines[line]?.indexOf(text) ?? 0) + 1}`;
  }
  throw new Error(`${text} is not in the build: npm run build`);
}

/** The same in the sources. */
function sourcePlaceOf(path: string, text: string): string {
  const file = join(packageFolder, 'lib', path);
  const lines = readFileSync(file, 'utf8').split('\n');
  const line = lines.findIndex((candidate) => candidate.includes(text));
  return `${file}:${line + 1}`;
}

describe('places of a stack', () => {
  const [text, builtText] = ['class JobGenerator ', 'JobGenerator = class '];
  const built = builtPlaceOf(builtText);
  const source = sourcePlaceOf('streaming/job-generator.ts', text);

  it.each([
    ['in parentheses', `    at new JobGenerator (${built})`, `    at new JobGenerator (${source}:`],
    ['as URLs', `    at file://${built}`, `    at ${source}:`],
  ])('of the build are told as those of the sources, %s', (_, stack, expected) => {
    expect(sourcePlaces(stack)).toContain(expected);
  });

  it.each([
    ['a program of the user', '    at f (/home/me/app.js:1:2)'],
    ['a sample, which is no bundle', `    at f (${join(packageFolder, 'dist', 'samples', 'word-count.js')}:1:2)`],
    ['Node', '    at f (node:internal/main:1:2)'],
  ])('of %s stay as they are', (_, stack) => {
    expect(sourcePlaces(stack)).toBe(stack);
  });
});
