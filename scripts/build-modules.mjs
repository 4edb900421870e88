// Bundles lib into dist. Node looks up, reads and links every file by itself: of a thousand files that took longer than all that is done until the
// result of the first batch. The types stay as tsc writes them.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const lib = fileURLToPath(new URL('../lib/', import.meta.url));
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** What is imported and run. They share their modules, so that a program's stream is one to the command that runs the program. */
const entries = [
  'index',
  'functions',
  'broker/index',
  'testing/index',
  'cli/main',
  'lmdb/open-read-only',
  'thread',
  'internals',
];
/** Threads and hooks have modules of their own anyway: one file each. */
const apart = ['connectors/kafka/fetch-worker', 'cli/run/watchdog-worker', 'loader/hooks'];

for (const file of built()) rmSync(file);
// Below a folder, as `lib/kernel/entry.ts` is.
bundle(entries, { splitting: true, chunkNames: 'chunks/[hash]' });
bundle(apart, {});
for (const file of built()) if (file.endsWith('.js')) restoreNames(file);

function built() {
  const names = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.js(?:\.map)?$/u.test(name)).map((name) => path.join(dist, name));
}

function bundle(names, options) {
  buildSync({
    entryPoints: names.map((name) => path.join(lib, `${name}.ts`)),
    outbase: lib,
    outdir: dist,
    bundle: true,
    packages: 'external',
    // `sideEffects` in package.json speaks of what is built.
    ignoreAnnotations: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    // The sources are in the package.
    sourcesContent: false,
    logLevel: 'warning',
    ...options,
  });
}

/** A class that names itself is called `_X` by esbuild, and so it would be shown. A blank in place of the line keeps the columns of the source map. */
function restoreNames(file) {
  const code = readFileSync(file, 'utf8');
  const names = [...code.matchAll(/^var (\w+) = class _\1\b/gmu)].map(([, name]) => name);
  if (names.length === 0) return;
  writeFileSync(file, code.replaceAll(new RegExp(String.raw`\b_(${names.join('|')})\b`, 'gu'), ' $1'));
}
