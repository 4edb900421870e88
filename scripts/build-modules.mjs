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

/** CommonJS, which Node requires faster than it imports it. */
const required = ['connectors/kafka/kafkajs-parts.cjs'];
/** What stays a package of its own: native code, what is large and seldom needed, and what a program may bring itself. */
const external = ['@node-rs/crc32', '@uwdata/flechette', 'esbuild', 'lmdb', 'lz4-napi', 'snappyjs'];

for (const file of built()) rmSync(file);
const sources = [
  ...bundle(entries, { splitting: true, chunkNames: 'chunks/[hash]' }),
  ...bundle(apart, {}),
  ...bundle(required, { format: 'cjs', outExtension: { '.js': '.cjs' } }),
];
writeFileSync(path.join(dist, 'THIRD-PARTY.txt'), licencesOf(sources));
for (const file of built()) if (file.endsWith('.js')) restoreNames(file);

function built() {
  const names = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.c?js(?:\.map)?$/u.test(name)).map((name) => path.join(dist, name));
}

/** Gives the files that went into it. */
function bundle(names, options) {
  const { metafile } = buildSync({
    entryPoints: names.map((name) => path.join(lib, path.extname(name) === '' ? `${name}.ts` : name)),
    outbase: lib,
    outdir: dist,
    bundle: true,
    external,
    // `sideEffects` in package.json speaks of what is built.
    ignoreAnnotations: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    // The sources are in the package.
    sourcesContent: false,
    logLevel: 'warning',
    metafile: true,
    ...options,
  });
  return Object.keys(metafile.inputs);
}

/** Packages that are part of a bundle, each with its terms. */
function licencesOf(files) {
  const folders = new Set(files.flatMap((file) => /^.*?\bnode_modules\/(?:@[^/]+\/)?[^/]+/u.exec(file)?.[0] ?? []));
  const texts = [...folders]
    .toSorted((a, b) => a.localeCompare(b))
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      const licence = readdirSync(folder).find((file) => /^licen[cs]e/iu.test(file));
      return `${name} ${version}\n\n${readFileSync(path.join(folder, licence), 'utf8').trim()}\n`;
    });
  return texts.join('\n\n');
}

/** A class that names itself is called `_X` by esbuild, and so it would be shown. A blank in place of the line keeps the columns of the source map. */
function restoreNames(file) {
  const code = readFileSync(file, 'utf8');
  const names = [...code.matchAll(/^var (\w+) = class _\1\b/gmu)].map(([, name]) => name);
  if (names.length === 0) return;
  writeFileSync(file, code.replaceAll(new RegExp(String.raw`\b_(${names.join('|')})\b`, 'gu'), ' $1'));
}
