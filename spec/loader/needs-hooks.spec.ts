import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { needsHooks } from '../../lib/loader/needs-hooks.ts';

describe('a program', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-hooks-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function needs(program: string, files: Readonly<Record<string, string>>): boolean {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return needsHooks(join(folder, program));
  }

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['imports nothing', 'a.mjs', { 'a.mjs': 'export default 1;' }],
    ['imports modules of Node', 'a.js', { 'a.js': 'import \'node:fs\';\nimport path from "path";' }],
    [
      'imports files in JavaScript',
      'a.mjs',
      {
        'a.mjs': "import { b } from './b/b.js';\nconst c = await import('./c.cjs');",
        'b/b.js': "export * from '../a.mjs';",
        'c.cjs': "require('./d.json');",
        'd.json': '{}',
      },
    ],
    [
      'has words that look like imports',
      'a.mjs',
      {
        'a.mjs':
          "const from = Array.from([1]);\n// What is imported from elsewhere.\nconst x = { from: 'b', import: 1 }; import.meta.url;",
      },
    ],
  ])('goes without hooks where it %s', (_, program, files) => {
    expect(needs(program, files)).toBe(false);
  });

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['is TypeScript', 'a.ts', { 'a.ts': '' }],
    ['imports TypeScript', 'a.mjs', { 'a.mjs': "import './b.js';", 'b.js': "import { c } from './c.ts';", 'c.ts': '' }],
    ['imports what is not there', 'a.mjs', { 'a.mjs': "import './b.js';" }],
    ['imports a package', 'a.mjs', { 'a.mjs': "import pg from 'pg';" }],
    ['imports millrace from where it is not installed', 'a.mjs', { 'a.mjs': "import { RDD } from 'millrace';" }],
    ['imports what is not written out', 'a.mjs', { 'a.mjs': 'await import(process.argv[2]);' }],
    ['imports a name that is put together', 'a.mjs', { 'a.mjs': "await import('./b' + '.ts');" }],
  ])('needs hooks where it %s', (_, program, files) => {
    expect(needs(program, files)).toBe(true);
  });

  it('finds what it imports beside the file that a link leads to', () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'a.mjs'), "import './b.mjs';");
    writeFileSync(join(folder, 'real', 'b.mjs'), '');
    symlinkSync(join(folder, 'real', 'a.mjs'), join(folder, 'a.mjs'));
    expect(needsHooks(join(folder, 'a.mjs'))).toBe(false);
  });

  it('goes without hooks where millrace is the package that runs it', () => {
    // The benchmarks' programs are in the package itself.
    expect(needsHooks(resolve('scripts/bench/ours/program.mjs'))).toBe(false);
  });
});
