import type { CheckpointFactory } from '../batch/checkpoint.ts';
import { MemoryRows } from '../connectors/memory/memory-rows.ts';
import { ManualClock } from '../kernel/manual-clock.ts';
import { messageOf, raise } from '../kernel/errors.ts';
import { type Duration, durationMs } from '../kernel/time.ts';
import type { QueryOptions } from '../structured/backend.ts';
import type { DataFrame } from '../structured/data-frame.ts';
import { outputModeOf } from '../structured/data-stream-writer.ts';
import type { Attribute } from '../structured/expressions/typed-expression.ts';
import { rowReader } from '../structured/operators/row-objects.ts';
import type { LogicalPlan } from '../structured/plan/logical-plan.ts';
import { logicalInputs } from '../structured/plan/plan-inputs.ts';
import type { QueryProgressEvent } from '../structured/query/query-listener.ts';
import { RunningQuery } from '../structured/query/running-query.ts';
import type { InternalRow, StructType } from '../structured/types/data-type.ts';
import { MemoryCheckpoints } from './memory-checkpoints.ts';
import type { MemoryStream } from './memory-stream.ts';
import { expectedText, parseRow, rowText, shortTime } from './row-text.ts';

/** The script of a test: each call is one step, run in this order by `testQuery`. */
export interface QuerySteps {
  /** Adds rows to the stream of the query: texts (`'12:05 a'`, columns by position), arrays or objects. */
  add(...rows: readonly unknown[]): QuerySteps;
  /** Adds rows to one of several streams. */
  addTo(stream: MemoryStream, ...rows: readonly unknown[]): QuerySteps;
  /** Runs batches until nothing is left to do: the one with the rows, and those without data that follow from it. */
  batch(): QuerySteps;
  /** What came out since the last `rows`, in any order: texts of rows, columns between blanks or colons, a window as `12:00-12:10`. */
  rows(...rows: readonly string[]): QuerySteps;
  /** The watermark that holds now: `'12:21'`, on the day of the rows, or ISO 8601. */
  watermark(time: string): QuerySteps;
  /** Rows in the state of all operators. */
  state(rows: number): QuerySteps;
  /** How many rows were late, over all batches. */
  late(rows: number): QuerySteps;
  /** Moves the clock of the session, a `ManualClock`. */
  advance(duration: Duration): QuerySteps;
  /** Stops the query and starts it again on its checkpoint. */
  restart(): QuerySteps;
  /** The query fails with this code: at the start, or in the batch before. */
  fails(code: string): QuerySteps;
}

interface Step {
  readonly text: string;
  run(run: QueryRun): Promise<void> | void;
}

/**
 * Runs a query as a script of steps and checks what it gives after each. Nothing waits for real time when the session has a `ManualClock`.
 *
 * Rejects with the script, an arrow at the step that failed, both sides, and offsets, watermark and state at that moment.
 *
 * @example
 * await testQuery(counts, 'append', steps => steps
 *   .add('12:05 a', '12:08 b').batch().rows()            // nothing closed yet
 *   .add('12:31 c').batch().watermark('12:21').rows('12:00-12:10 a:1', '12:00-12:10 b:1'))
 */
export async function testQuery(
  df: DataFrame,
  outputMode: string,
  script: (steps: QuerySteps) => QuerySteps,
  options: { readonly openCheckpoint?: CheckpointFactory } = {},
): Promise<void> {
  const steps: Step[] = [];
  script(stepsInto(steps));
  const run = new QueryRun(df, outputMode, options.openCheckpoint);
  try {
    for (const [i, step] of steps.entries()) {
      try {
        await step.run(run);
        if (!step.text.startsWith('fails') && steps[i + 1]?.text.startsWith('fails') !== true) run.throwFailure();
      } catch (error) {
        const lines = steps.map(({ text }, at) => `${at === i ? '->' : '  '} ${text}`);
        raise(
          'TESTING_QUERY',
          { script: lines.join('\n'), problem: messageOf(error), now: run.describe() },
          { cause: error },
        );
      }
    }
  } finally {
    await run.stop();
  }
}

function stepsInto(steps: Step[]): QuerySteps {
  const step = (text: string, run: Step['run']): QuerySteps => {
    steps.push({ text, run });
    return made;
  };
  const made: QuerySteps = {
    add: (...rows) =>
      step(`add(${shown(rows)})`, (run) => {
        run.add(undefined, rows);
      }),
    addTo: (stream, ...rows) =>
      step(`addTo(stream, ${shown(rows)})`, (run) => {
        run.add(stream, rows);
      }),
    batch: () =>
      step('batch()', async (run) => {
        await run.batch();
      }),
    rows: (...rows) =>
      step(`rows(${shown(rows)})`, (run) => {
        run.expectRows(rows);
      }),
    watermark: (time) =>
      step(`watermark('${time}')`, (run) => {
        run.expect('the watermark', time, run.watermark(time));
      }),
    state: (rows) =>
      step(`state(${rows})`, (run) => {
        run.expect('rows in state', rows, run.stateRows());
      }),
    late: (rows) =>
      step(`late(${rows})`, (run) => {
        run.expect('late rows', rows, run.lateRows);
      }),
    advance: (duration) =>
      step(`advance(${JSON.stringify(duration)})`, async (run) => {
        await run.advance(duration);
      }),
    restart: () =>
      step('restart()', async (run) => {
        await run.restart();
      }),
    fails: (code) =>
      step(`fails('${code}')`, async (run) => {
        await run.expectFailure(code);
      }),
  };
  return made;
}

function shown(rows: readonly unknown[]): string {
  return rows.map((row) => JSON.stringify(row)).join(', ');
}

interface Fed {
  readonly rows: MemoryRows;
  readonly schema: StructType;
}

class QueryRun {
  readonly #df: DataFrame;
  readonly #mode: string;
  readonly #fed: readonly Fed[];
  readonly #openCheckpoint: CheckpointFactory;
  readonly #directory: string;
  #query: RunningQuery | undefined;
  #output: readonly Attribute[] = [];
  #rows: InternalRow[] = [];
  #failure: unknown;
  #lateRows = 0;
  readonly #stopListening: () => void;

  constructor(df: DataFrame, mode: string, open: CheckpointFactory | undefined) {
    this.#df = df;
    this.#mode = mode;
    this.#openCheckpoint = open ?? new MemoryCheckpoints().open;
    this.#fed = [...streamsOf(df.plan)];
    this.#directory = `memory:test-query-${df.plan.planId}`;
    const listener = {
      onQueryProgress: ({ progress }: QueryProgressEvent) => {
        for (const { customMetrics } of progress.stateOperators) this.#lateRows += customMetrics['lateRows'] ?? 0;
      },
    };
    const { streams } = df.sessionState;
    streams.addListener(listener);
    this.#stopListening = () => {
      streams.removeListener(listener);
    };
  }

  get lateRows(): number {
    return this.#lateRows;
  }

  add(stream: MemoryStream | undefined, rows: readonly unknown[]): void {
    const fed = stream === undefined ? this.#only() : stream.fed;
    const read = rowReader(fed.schema, this.#df.sessionState.conf.timeZone, 'testQuery');
    fed.rows.add(rows.map((row) => (typeof row === 'string' ? parseRow(row, fed.schema) : read(row))));
  }

  async batch(): Promise<void> {
    try {
      const query = (this.#query ??= await this.#start());
      await query.processAllAvailable();
    } catch (error) {
      this.#failure = error;
    }
  }

  throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  expectRows(rows: readonly string[]): void {
    const given = this.#rows.map((row) => rowText(row, this.#output)).toSorted();
    this.#rows = [];
    const wanted = rows.map(expectedText).toSorted();
    this.expect('rows', wanted.join(', ') || 'none', given.join(', ') || 'none');
  }

  expect(what: string, wanted: string | number, given: string | number): void {
    if (wanted !== given) raise('TESTING_DIFFERENT', { what, wanted, given });
  }

  async expectFailure(code: string): Promise<void> {
    if (this.#query === undefined) await this.batch();
    const codes: string[] = [];
    for (let at = this.#failure; at instanceof Error; at = at.cause) if ('code' in at) codes.push(String(at.code));
    this.#failure = undefined;
    if (!codes.includes(code)) this.expect('the failure', code, codes.join(' > ') || 'none');
  }

  watermark(asked: string): string {
    const iso = this.#query?.watermark ?? '1970-01-01T00:00:00.000Z';
    return asked.includes('T') ? iso : shortTime(Date.parse(iso) * 1000);
  }

  stateRows(): number {
    return (this.#query?.lastProgress?.stateOperators ?? []).reduce((sum, { numRowsTotal }) => sum + numRowsTotal, 0);
  }

  async advance(duration: Duration): Promise<void> {
    const { clock } = this.#df.sessionState;
    if (!(clock instanceof ManualClock)) {
      raise('TESTING_DIFFERENT', {
        what: 'the clock of the session',
        wanted: 'a ManualClock',
        given: clock.constructor.name,
      });
    }
    await clock.advance(durationMs(duration));
  }

  async restart(): Promise<void> {
    await this.#query?.stop();
    this.#query = await this.#start();
  }

  async stop(): Promise<void> {
    this.#stopListening();
    await this.#query?.stop();
  }

  describe(): string {
    const progress = this.#query?.lastProgress;
    if (progress === undefined || progress === null) return 'no batch has run';
    const offsets = progress.sources.map(({ endOffset }) => JSON.stringify(endOffset)).join(', ');
    const state = progress.stateOperators.map(
      ({ operatorName, numRowsTotal }) => `${operatorName} ${numRowsTotal} rows`,
    );
    return `batch ${progress.batchId}, offsets ${offsets}, watermark ${this.#query?.watermark ?? 'none'}, state ${state.join(', ') || 'none'}`;
  }

  #only(): Fed {
    const [first] = this.#fed;
    if (this.#fed.length === 1 && first !== undefined) return first;
    return raise('TESTING_DIFFERENT', {
      what: 'the number of memory streams that add() could mean',
      wanted: '1 (use addTo for several)',
      given: this.#fed.length,
    });
  }

  async #start(): Promise<RunningQuery> {
    const options: QueryOptions = {
      mode: outputModeOf(this.#mode),
      format: 'foreachBatch',
      options: { checkpointLocation: this.#directory },
      partitionBy: [],
      trigger: { kind: 'processingTime', intervalMs: 0 },
      openCheckpoint: this.#openCheckpoint,
      foreachBatch: ({ rows, output }) => {
        this.#output = output;
        this.#rows.push(...rows);
      },
    };
    const { backend } = this.#df.sessionState;
    const query = await backend.start(this.#df.plan, options);
    return query instanceof RunningQuery
      ? query
      : raise('INTERNAL_INVARIANT', { what: 'a test runs on another engine' });
  }
}

/** The memory streams that a plan reads, each once. */
function* streamsOf(plan: LogicalPlan, seen: Set<object> = new Set()): Generator<Fed> {
  if (
    plan.kind === 'read' &&
    plan.source instanceof MemoryRows &&
    plan.schema !== undefined &&
    !seen.has(plan.source)
  ) {
    seen.add(plan.source);
    yield { rows: plan.source, schema: plan.schema };
  }
  for (const input of logicalInputs(plan)) yield* streamsOf(input, seen);
}
