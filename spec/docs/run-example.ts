import { transform } from 'esbuild';
import assert from 'node:assert/strict';
import * as broker from '../../lib/broker/index.ts';
import * as functions from '../../lib/functions.ts';
import * as millrace from '../../lib/index.ts';
import { type Host, host, installHost } from '../../lib/io/host.ts';
import { openProducer } from '../../lib/cli/send-records.ts';
import { nextTurn } from '../../lib/kernel/turns.ts';
import { failure } from '../../lib/kernel/errors.ts';
import { parseMarbles } from '../../lib/testing/batch-marbles.ts';
import { batchText } from '../../lib/testing/failure-table.ts';
import * as testing from '../../lib/testing/index.ts';
import { runMarbles } from '../../lib/testing/run-marbles.ts';
import { SessionBuilder } from '../../lib/structured/session.ts';
import { FakeHost } from '../streaming/inputs/fake-host.ts';
import type { ExampleResult, PageExample } from './page.ts';
import { showValue } from './show-value.ts';

/** Streams that an example declares in its first lines: `// words: a b | c`. */
const inputLine = /^\/\/ (\w+):(?: (.*))?$/u;
const outputLine = /^\/\/ =>(?: (.*))?$/u;

/** An example whose first lines are streams in marbles, and whose last line is what its last statement gives. */
export interface MarbleExample {
  readonly inputs: readonly (readonly [name: string, marbles: string])[];
  /** What is no stream: `// partitions: 2`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly body: string;
}

function isStream([name]: readonly [name: string, text: string]): boolean {
  return name !== 'partitions';
}

export function marbleExample(code: string): MarbleExample | undefined {
  const lines = code.split('\n');
  const end = lines.findIndex((line) => !inputLine.test(line));
  if (end <= 0 || !outputLine.test(lines.at(-1) ?? '')) return undefined;
  const inputs = lines.slice(0, end).map((line): readonly [string, string] => {
    const [, name = '', marbles = ''] = inputLine.exec(line) ?? [];
    return [name, marbles];
  });
  return {
    inputs: inputs.filter(isStream),
    settings: Object.fromEntries(inputs),
    body: lines.slice(end, -1).join('\n'),
  };
}

/** Statements of an example: each begins at the start of a line, the lines that belong to it are indented or close it. */
function statementsOf(code: string): readonly string[] {
  const statements: string[] = [];
  for (const line of code.split('\n')) {
    const goesOn = /^(?:\s|[)\]}]|$)/u.test(line) && statements.length > 0;
    if (goesOn) statements.push(`${statements.pop()}\n${line}`);
    else statements.push(line);
  }
  return statements;
}

/** Runs one example of a page and says what it shows. Nothing outside of this process is touched. */
export async function runExample(example: PageExample): Promise<ExampleResult> {
  const marbles = marbleExample(example.code);
  return marbles === undefined ? await runProgram(example) : await runStreams(marbles);
}

async function runStreams({ inputs, settings, body }: MarbleExample): Promise<ExampleResult> {
  const partitions = Number(settings['partitions'] ?? 1);
  const batches = inputs.map(([, marbles]) => parseMarbles(marbles));
  const statements = statementsOf(body);
  const last = statements.at(-1) ?? '';
  const result = `return (${last.replace(/;\s*$/u, '')});`;
  const program = await compiled(['const operation = () => {', ...statements.slice(0, -1), result, '};'].join('\n'));
  const names = inputs.map(([name]) => name);
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func
  const call = new Function(...names, ...Object.keys(millrace), `${program}\nreturn operation();`) as (
    ...values: unknown[]
  ) => never;
  const results = await runMarbles({
    inputs: batches,
    stream: (...streams) => call(...streams, ...Object.values(millrace)),
    batches: Math.max(...batches.map((input) => input.length)),
    batchMs: 1000,
    partitions,
    config: { 'spark.default.parallelism': partitions },
  });
  const rows = [
    ...inputs.map(([name, marbles]) => [`// ${name}:`, ...marbles.split('|').map((cell) => cell.trim())]),
    ['// =>', ...results.map(({ elements }) => batchText(elements, true))],
  ];
  const aligned = alignedRows(rows);
  const given = settings['partitions'] === undefined ? [] : [`// partitions: ${settings['partitions']}`];
  return { code: [...given, ...aligned.slice(0, -1), body, aligned.at(-1)].join('\n'), output: '' };
}

function alignedRows(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map(([name = '', ...cells]) =>
    `${name.padEnd(widths[0] ?? 0)} ${cells.map((cell, i) => cell.padEnd(widths[i + 1] ?? 0)).join(' | ')}`.trimEnd(),
  );
}

/** The result of a statement, at its end: `statement; // => value`. */
const resultComment = /\s*;?\s*\/\/ =>(?: .*)?(\n*)$/u;

async function runProgram(example: PageExample): Promise<ExampleResult> {
  const { code } = example;
  const statements = statementsOf(code);
  const shown: string[] = [];
  const body = statements.map((statement, i) =>
    resultComment.test(statement) ? `show(${i}, ${statement.replace(resultComment, '')});` : statement,
  );
  const surroundings = new Surroundings();
  const output = await surroundings.run(example, await compiled(body.join('\n')), (i, value) => {
    shown[i] = showValue(value);
  });
  const written = statements.map((statement, i) =>
    resultComment.test(statement)
      ? statement.replace(resultComment, (_, space: string) => `; // => ${shown[i] ?? 'never came here'}${space}`)
      : statement,
  );
  return { code: written.join('\n'), output };
}

async function compiled(code: string): Promise<string> {
  const { code: js } = await transform(code, { loader: 'ts', format: 'esm', target: 'node20' });
  return js
    .replaceAll(/^import \{(.*)\} from "([^"]+)";$/gmu, (_, names: string, module: string) => {
      const wanted = names.replaceAll(' as ', ': ');
      return `const {${wanted}} = modules[${JSON.stringify(module)}];`;
    })
    .replaceAll(
      /^import (\w+) from "([^"]+)";$/gmu,
      (_, name: string, module: string) => `const {default: ${name}} = modules[${JSON.stringify(module)}];`,
    )
    .replaceAll(/^export \{[^}]*\};$/gmu, '')
    .replaceAll(/^export default /gmu, 'exports.default = ');
}

/** The machine, the clock, the checkpoints and the broker of one program of a page. */
class Surroundings {
  readonly #host = new FakeHost();
  readonly #clock = new millrace.ManualClock();
  readonly #checkpoints = new testing.MemoryCheckpoints();
  readonly #server = this.#host.serve('localhost:9999');
  #broker: broker.Broker | undefined;

  async run({ code, input }: PageExample, js: string, show: (i: number, value: unknown) => void): Promise<string> {
    const before: Host = host();
    installHost(before.pipe === undefined ? this.#host : Object.assign(this.#host, { pipe: before.pipe }));
    if (/brokers|bootstrap\.servers/u.test(code) && !code.includes('startBroker'))
      this.#broker = await broker.startBroker({ port: 0, topics: topicsIn(code) });
    const StreamingContext = this.#contextClass();
    const Session = this.#sessionClass();
    const spark = Session.builder().create();
    const ssc = new StreamingContext({ appName: 'page', batchInterval: 1000 });
    const tests: (() => Promise<void>)[] = [];
    const runTest = (_title: string, test: () => Promise<void>): void => void tests.push(test);
    const names: Record<string, unknown> = {
      ...millrace,
      StreamingContext,
      Session,
      modules: {
        millrace: { ...millrace, StreamingContext, Session },
        'millrace/functions': functions,
        'millrace/testing': testing,
        'millrace/broker': broker,
        'node:test': { it: runTest },
        'node:assert/strict': { default: assert },
      },
      exports: {},
      show,
      ssc,
      sc: ssc.sparkContext,
      spark,
      clock: this.#clock,
      server: this.#server,
      brokers: [this.#broker?.bootstrap],
      putFile: (path: string, content: string | Uint8Array) => {
        // Later than the start, which may be at the very same time.
        this.#host.put(path, content, this.#clock.now() + 1);
      },
      readFile: async (path: string) => await this.#host.files.readText(path),
      console: {
        log: (...values: readonly unknown[]) => {
          this.#host.printed += `${values.map((value) => (typeof value === 'string' ? value : showValue(value))).join(' ')}\n`;
        },
      },
    };
    try {
      const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as FunctionConstructor;
      // A block of its own: what an example declares may have the name of what it is given.
      const program = this.#broker === undefined ? js : js.replaceAll('localhost:9092', this.#broker.bootstrap);
      const call = new AsyncFunction(...Object.keys(names), `{ ${program}\n }`) as unknown as (
        ...values: unknown[]
      ) => Promise<void>;
      const isStructured = /\breadStream\b/u.test(code);
      if (isStructured && input !== undefined) await this.#fill(code, input);
      const running = call(...Object.values(names));
      if (!isStructured && input !== undefined) await this.#feed(code, input, running);
      await running;
      for (const test of tests) await test();
    } finally {
      await millrace.StreamingContext.getActive()?.stop();
      await millrace.Session.getActiveSession()?.stop();
      await spark.stop();
      installHost(before);
      await this.#broker?.stop();
    }
    return this.#host.printed.trimEnd();
  }

  /** Contexts on the clock and the checkpoints of the page, whatever the program says of them. */
  #contextClass(): typeof millrace.StreamingContext {
    const given = { clock: this.#clock, openCheckpoint: this.#checkpoints.open };
    const brokers = (): string[] | undefined => this.#broker && [this.#broker.bootstrap];
    return class PageContext extends millrace.StreamingContext {
      constructor(options: millrace.StreamingContextOptions) {
        super({ ...given, ...options });
      }

      override kafkaStream<K = string | null, V = string>(
        options: millrace.KafkaStreamOptions,
      ): millrace.KafkaDStream<millrace.KafkaRecord<K, V>> {
        return super.kafkaStream<K, V>({ ...options, brokers: brokers() ?? options.brokers });
      }
    };
  }

  /** Sessions on the clock and the checkpoints of the page, in UTC unless the program says otherwise. */
  #sessionClass(): typeof millrace.Session {
    const given = { clock: this.#clock, openCheckpoint: this.#checkpoints.open };
    return class PageSession extends millrace.Session {
      static override builder(): SessionBuilder {
        const builder = super.builder().clock(given.clock).config('spark.sql.session.timeZone', 'UTC');
        builder.create = () =>
          new millrace.Session({ ...given, config: SessionBuilder.prototype.create.call(builder).conf.getAll() });
        return builder;
      }
    };
  }

  /** Puts all of the input where a structured program will find it when it starts. */
  async #fill(code: string, input: string): Promise<void> {
    for (const [batch, { elements }] of parseMarbles(input).entries()) {
      if (elements !== null && elements.length > 0) await this.#put(code, batch, elements);
    }
  }

  /** Hands a program its input batch by batch, and stops it. */
  async #feed(code: string, input: string, running: Promise<void>): Promise<void> {
    let hasEnded = false;
    const end = (): void => {
      hasEnded = true;
    };
    running.then(end, end);
    const ssc = await startedContext(() => hasEnded);
    if (ssc === undefined) {
      await running;
      throw failure('INTERNAL_INVARIANT', { what: 'the program of the page ended by itself' });
    }
    for (const [batch, { elements }] of parseMarbles(input).entries()) {
      if (elements !== null && elements.length > 0) await this.#put(code, batch, elements);
      for (let turn = 0; turn < 20; turn++) await nextTurn();
      await this.#clock.advance(ssc.batchMs);
    }
    await ssc.stop();
  }

  /** To wherever the program reads from. */
  async #put(code: string, batch: number, elements: readonly unknown[]): Promise<void> {
    const lines = elements.map((element) => `${String(element)}\n`).join('');
    const folder = /(?:textFileStream|fileStream|\.json|\.csv|\.text)\('([^']*)'/u.exec(code)?.[1];
    const topic = /(?:topics: \[|'subscribe', )'([^']*)'/u.exec(code)?.[1];
    if (folder !== undefined) this.#host.put(`${folder}/part-${batch}`, lines, this.#clock.now() + 1);
    else if (topic !== undefined) await this.#produce(topic, elements);
    else this.#server.send(lines);
  }

  async #produce(topic: string, elements: readonly unknown[]): Promise<void> {
    const producer = openProducer(topic, [this.#broker?.bootstrap ?? ''], () => undefined);
    const records = elements.map((element) => {
      const [key, value] = Array.isArray(element) ? (element as readonly string[]) : [undefined, String(element)];
      return { value: value ?? '', ...(key === undefined ? {} : { key }) };
    });
    await producer.write({ batchTime: 0, operation: 'page', attempt: 1 }, records);
    await producer.close();
  }
}

/** The topics that a program names. */
function topicsIn(code: string): Record<string, number> {
  const names = [...code.matchAll(/(?:topics: \[|toKafka\(|'subscribe', |'topic', )'([^']*)'/gu)].map(
    ([, name]) => name,
  );
  return Object.fromEntries(names.map((name) => [name, 1]));
}

/** The context of a program, once it runs; undefined when the program has ended before. */
async function startedContext(hasEnded: () => boolean): Promise<millrace.StreamingContext | undefined> {
  while (!hasEnded()) {
    await nextTurn();
    const active = millrace.StreamingContext.getActive();
    if (active?.run !== undefined) return active;
  }
  return undefined;
}
