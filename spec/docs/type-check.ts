import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseMarbles } from '../../lib/testing/index.ts';
import type { PageExample } from './page.ts';
import { marbleExample } from './run-example.ts';

/** What the compiler says against examples of a page, each in a module of its own, with the types of the built package. */
export function typeErrors(examples: readonly PageExample[]): readonly string[] {
  // Inside of the package: that is how `millrace` is found.
  mkdirSync('node_modules/.cache', { recursive: true });
  const folder = mkdtempSync(resolve('node_modules/.cache/docs-'));
  try {
    const lines = new Map<string, number>();
    for (const [i, example] of examples.entries()) {
      const name = `example-${i}.ts`;
      writeFileSync(join(folder, name), moduleOf(example));
      lines.set(name, example.line);
    }
    writeFileSync(join(folder, 'surroundings.d.ts'), surroundings);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const compiler = resolve('node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
    return stdout
      .split('\n')
      .filter((line) => line.includes('error TS'))
      .map((line) => line.replace(/^.*(example-\d+\.ts)/u, (_, name: string) => `${name}, line ${lines.get(name)} `));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  paths: {
    millrace: [resolve('dist/index.d.ts')],
    'millrace/testing': [resolve('dist/testing/index.d.ts')],
    'millrace/functions': [resolve('dist/functions.d.ts')],
    'millrace/broker': [resolve('dist/broker/index.d.ts')],
  },
};

/** What programs of a page are given. */
const surroundings = `import type * as all from 'millrace';
declare global {
  const ssc: all.StreamingContext;
  const sc: all.SparkContext;
  const spark: all.Session;
  const clock: all.ManualClock;
  const brokers: string[];
  const server: { send(text: string): void; hangUp(): void };
  function putFile(path: string, content: string | Uint8Array): void;
  function readFile(path: string): Promise<string>;
}
`;

function moduleOf({ code }: PageExample): string {
  const marbles = marbleExample(code);
  const imported = /^import .*'millrace';$/mu.test(code) ? '' : importOf(code);
  if (marbles === undefined) return `${imported}\n${code}\nexport {};\n`;
  const parameters = marbles.inputs.map(([name, text]) => `${name}: DStream<${typeOfMarbles(text)}>`).join(', ');
  return `${imported}\nexport function example(${parameters}) {\n${marbles.body}\n}\n`;
}

/** The names of the package that an example mentions. */
function importOf(code: string): string {
  const names = [
    'contains',
    'DStream',
    'InputDStream',
    'KafkaRecord',
    'offsetRanges',
    'Receiver',
    'seconds',
    'State',
    'StateSpec',
    'StatsReportListener',
    'StreamingContext',
  ];
  const used = names.filter((name) => name === 'DStream' || new RegExp(`\\b${name}\\b`, 'u').test(code));
  const types = new Set(['DStream', 'KafkaRecord', 'State']);
  return `import { ${used.map((name) => (types.has(name) ? `type ${name}` : name)).join(', ')} } from 'millrace';`;
}

function typeOfMarbles(text: string): string {
  const types = new Set(parseMarbles(text).flatMap(({ elements }) => (elements ?? []).map(typeOf)));
  return [...types].join(' | ');
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? `readonly [${value.map(typeOf).join(', ')}]` : typeof value;
}
