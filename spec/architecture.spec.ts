import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/**
 * Who may import whom, folder by folder. `testing/index.ts`, `index.ts` and `cli` are where things are wired together.
 * A folder that is not listed here fails the spec: the table is argued in docs/ARCHITECTURE.md, section 2.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  io: ['kernel'],
  store: ['kernel', 'io'],
  rdd: ['kernel', 'io'],
  broker: ['kernel', 'node'],
  lmdb: ['kernel', 'io', 'store', 'node'],
  connectors: ['kernel', 'io'],
  batch: ['kernel', 'io', 'store'],
  streaming: ['kernel', 'io', 'store', 'batch', 'rdd'],
  structured: ['kernel', 'io', 'store', 'batch'],
  monitor: ['kernel'],
  arrow: ['kernel', 'structured'],
  node: ['kernel', 'io'],
  loader: ['kernel'],
  testing: ['kernel', 'io', 'store', 'batch', 'rdd', 'streaming', 'structured', 'connectors', 'node', 'functions.ts'],
  compare: [
    'kernel',
    'io',
    'store',
    'batch',
    'rdd',
    'streaming',
    'structured',
    'connectors',
    'testing/memory-checkpoints.ts',
    'functions.ts',
  ],
  learn: [
    'kernel',
    'io',
    'rdd',
    'streaming',
    'structured',
    'testing/memory-checkpoints.ts',
    'testing/lesson-desk.ts',
    'monitor/client/element.ts',
    'monitor/client/api.ts',
  ],
  cli: ['*'],
  'index.ts': ['*'],
  'internals.ts': ['*'],
  'thread.ts': ['*'],
  'functions.ts': ['kernel', 'structured'],
};

/** What a folder may import by type only: nothing of it is there when the program runs. */
const mayName: Readonly<Record<string, readonly string[]>> = {
  // `RDD.toDF` gives a DataFrame, which the wiring makes.
  rdd: ['structured'],
  // Fed by events of the engines; it knows their words and none of their code.
  monitor: ['streaming', 'structured'],
};

/** The engines run anywhere JavaScript runs: no Node module and no native package in these. */
const portable = new Set(['kernel', 'io', 'store', 'batch', 'rdd', 'streaming', 'structured', 'compare', 'learn']);

/** The clock, and what shares the thread out: apart, since RxJS comes with the clock and the reading threads need none of it. */
const readsTime = new Set(['kernel/clock.ts', 'kernel/turns.ts']);

/** Packages in plain JavaScript, which engines may use. */
const runsAnywhere = new Set(['rxjs', '@noble/hashes']);

/** Libraries are confined, so that each can be changed in one place. */
const confined: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ['connectors/kafka'],
  'lz4-napi': ['connectors/kafka'],
  snappyjs: ['connectors/kafka'],
  '@node-rs/crc32': ['connectors/kafka', 'broker'],
  lmdb: ['lmdb'],
  '@uwdata/flechette': ['arrow'],
  '@noble/hashes': ['structured/functions'],
  esbuild: ['loader', 'cli'],
  uplot: ['monitor/client'],
  rxjs: ['kernel', 'streaming/job-generator.ts', 'structured/query/trigger.ts'],
};

interface Import {
  readonly file: string;
  readonly target: string;
  /** Gone when the types are. */
  readonly isTypeOnly: boolean;
}

const root = resolve('lib');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
const imports = files.flatMap((file) => importsOf(file));

function importsOf(file: string): Import[] {
  const code = readFileSync(join(root, file), 'utf8').replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gmu, '');
  const found = code.matchAll(
    /(?:^|[\s;}])(?:import|export)\s[^'"();]*?from\s*'([^']+)'|(?:^|[\s;(])import\s*\(?\s*'([^']+)'|\brequire(?:\.resolve)?\(\s*'([^']+)'/gmu,
  );
  return [...found].map((match) => ({
    file: slashes(file),
    target: match[1] ?? match[2] ?? match[3] ?? '',
    isTypeOnly: /^\W?import type\s/u.test(match[0]),
  }));
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function ours({ file, target }: Import): string | undefined {
  return target.startsWith('.') ? slashes(relative(root, resolve(root, file, '..', target))) : undefined;
}

function packageOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

function offences(check: (item: Import) => string | undefined): string[] {
  return imports.flatMap((item) => {
    const reason = check(item);
    return reason === undefined ? [] : [`${item.file} imports ${item.target}: ${reason}`];
  });
}

describe('the structure of lib', () => {
  it('has a row for every folder', () => {
    expect(
      [...new Set(files.map((file) => folderOf(slashes(file))))].filter((folder) => !(folder in mayImport)),
    ).toEqual([]);
  });

  it('follows the import table', () => {
    const broken = offences((item) => {
      const target = ours(item);
      if (target === undefined) return undefined;
      const [from, to] = [folderOf(item.file), folderOf(target)];
      const allowed = [...(mayImport[from] ?? []), ...(item.isTypeOnly ? (mayName[from] ?? []) : [])];
      return from === to || allowed.includes(to) || allowed.includes(target) || allowed.includes('*')
        ? undefined
        : `${from} may import ${allowed.join(', ') || 'nothing of ours'}`;
    });
    expect(broken).toEqual([]);
  });

  it('lets no connector see another', () => {
    const broken = offences((item) => {
      const target = ours(item);
      const mine = /^connectors\/([^/.]+)\//u.exec(item.file)?.[1];
      const other = target === undefined ? undefined : /^connectors\/([^/.]+)\//u.exec(target)?.[1];
      return mine !== undefined && other !== undefined && mine !== other ? 'another connector' : undefined;
    });
    expect(broken).toEqual([]);
  });

  it('keeps Node and native packages out of the engines', () => {
    const broken = offences((item) =>
      portable.has(folderOf(item.file)) && ours(item) === undefined && !runsAnywhere.has(packageOf(item.target))
        ? 'engines run in the browser too'
        : undefined,
    );
    expect(broken).toEqual([]);
  });

  it('names no Node global in the engines', () => {
    const broken = files
      .map(slashes)
      .filter((file) => portable.has(folderOf(file)))
      .filter((file) => /\b(?:Buffer|process)\.\w|\b__dirname\b/u.test(withoutComments(file)));
    expect(broken).toEqual([]);
  });

  it('confines libraries to their folders', () => {
    const broken = offences((item) => {
      const homes = confined[packageOf(item.target)];
      return homes === undefined || homes.some((home) => item.file.startsWith(home))
        ? undefined
        : `belongs in ${homes.join(', ')}`;
    });
    expect(broken).toEqual([]);
  });

  it('reads the time in one place only', () => {
    const engines = files.map(slashes).filter((file) => portable.has(folderOf(file)) && !readsTime.has(file));
    expect(
      engines.filter((file) =>
        /\bDate\.now\(|\bperformance\.now\(|\bset(?:Timeout|Interval)\(/u.test(withoutComments(file)),
      ),
    ).toEqual([]);
  });

  it('raises only coded errors', () => {
    expect(files.filter((file) => /\bnew (?:Type|Range)?Error\(/u.test(withoutComments(slashes(file))))).toEqual([]);
  });
});

function withoutComments(file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gmu, '');
}
