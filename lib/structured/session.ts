import type { CheckpointFactory } from '../batch/checkpoint.ts';
import { raise } from '../kernel/errors.ts';
import { runControl } from '../batch/run-control.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { SessionConf } from './conf.ts';
import { arrow, type ArrowTable, isArrow } from './arrow-bridge.ts';
import type { DataFrame } from './data-frame.ts';
import { DataFrameReader } from './data-frame-reader.ts';
import { DataStreamReader } from './data-stream-reader.ts';
import { inferSchema } from './infer-schema.ts';
import { rowReader } from './operators/row-objects.ts';
import type { LogicalPlan } from './plan/logical-plan.ts';
import type { StreamingQueryManager } from './query/streaming-query-manager.ts';
import { SessionState } from './session-state.ts';
import { type Catalog, catalogOf } from './catalog.ts';
import { runStatement } from './run-statement.ts';
import { parametersOf, type SqlArguments } from './sql-arguments.ts';
import { parseStatement } from './sql/parse-statement.ts';
import type { Views } from './views.ts';
import type { DataType, StructType } from './types/data-type.ts';
import { parseSchema, parseType } from './types/ddl.ts';
import { Column, expressionOf } from './expressions/column.ts';

/** What a session can be made with besides the settings of Spark. */
export interface SessionOptions {
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /** The system's when left out; a `ManualClock` in tests. */
  readonly clock?: Clock;
  readonly openCheckpoint?: CheckpointFactory;
  /** Global temporary views of the session that this one comes of. */
  readonly globalViews?: Views;
}

/**
 * The entry to the structured engine: makes DataFrames, keeps settings, views and running queries.
 *
 * @example
 * const spark = Session.builder().appName('words').config('spark.sql.session.timeZone', 'UTC').getOrCreate()
 */
export class Session {
  readonly conf: SessionConf;
  readonly #state: SessionState;

  constructor(options: SessionOptions = {}) {
    this.conf = new SessionConf(options.config);
    this.#state = new SessionState({
      conf: this.conf,
      clock: options.clock ?? runControl().clock ?? systemClock,
      ...(options.openCheckpoint === undefined ? {} : { openCheckpoint: options.openCheckpoint }),
      ...(options.globalViews === undefined ? {} : { globalViews: options.globalViews }),
    });
  }

  static builder(): SessionBuilder {
    return new SessionBuilder();
  }

  /** The session that `getOrCreate` made last and that was not stopped. */
  static getActiveSession(): Session | null {
    return active ?? null;
  }

  get clock(): Clock {
    return this.#state.clock;
  }

  get streams(): StreamingQueryManager {
    return this.#state.streams;
  }

  /** What the DataFrames of the session share; for parts of the engine. */
  get state(): SessionState {
    return this.#state;
  }

  /** Reads sources as streams. */
  get readStream(): DataStreamReader {
    return new DataStreamReader(this.#state);
  }

  /** Reads what is there now. */
  get read(): DataFrameReader {
    return new DataFrameReader(this.#state);
  }

  /** Functions of the program that SQL texts can call by name. */
  get udf(): FunctionRegistration {
    return {
      register: (name, call, returns = 'string') => {
        const type = typeof returns === 'string' ? parseType(returns) : returns;
        this.#state.registerFunction({ name, call, returns: type, deterministic: true });
        return (...args) =>
          new Column({
            kind: 'udf',
            name,
            call,
            returns: type,
            args: args.map((arg) => argumentOf(arg)),
            deterministic: true,
          });
      },
    };
  }

  /** Temporary views. */
  get catalog(): Catalog {
    return catalogOf(this.#state);
  }

  /**
   * A DataFrame of rows at hand: arrays by position, or objects by name; or of a table of Apache Arrow, or the bytes of one (IPC).
   * Without a schema, types are taken from the values, or are those of Arrow.
   *
   * @example
   * spark.createDataFrame([[1, 'one'], [2, null]], 'id INT, name STRING')
   */
  createDataFrame(
    rows: Iterable<unknown> | ArrowTable | Uint8Array,
    schema?: string | StructType | readonly string[],
  ): DataFrame {
    if (isArrow(rows)) return this.#ofArrow(rows, schema);
    const values = [...(rows as Iterable<unknown>)];
    const struct =
      typeof schema === 'string'
        ? parseSchema(schema)
        : schema !== undefined && 'kind' in schema
          ? schema
          : inferSchema(values, schema);
    const read = rowReader(struct, this.conf.timeZone, 'createDataFrame');
    return this.#state.frame({ kind: 'local', schema: struct, rows: values.map((value) => read(value)) });
  }

  /** A schema renames the columns of a table of Arrow, and casts them when it has types. */
  #ofArrow(table: object, schema: string | StructType | readonly string[] | undefined): DataFrame {
    const frame = this.#state.frame({ kind: 'local', ...arrow().read(table) });
    if (schema === undefined) return frame;
    if (Array.isArray(schema)) return frame.toDF(...(schema as readonly string[]));
    const { fields } = typeof schema === 'string' ? parseSchema(schema) : (schema as StructType);
    const renamed = frame.toDF(...fields.map(({ name }) => name));
    return renamed.select(...fields.map(({ name, type }) => renamed.col(name).cast(type).alias(name)));
  }

  /** The numbers from `start` (0 when only the end is given) up to, but without, `end`, as the column `id`. */
  range(start: number, end?: number, step = 1): DataFrame {
    const [from, until] = end === undefined ? [0, start] : [start, end];
    if (![from, until, step].every((number) => Number.isSafeInteger(number)) || step === 0) {
      raise('QUERY_DATAFRAME_ARGUMENT', {
        method: 'range',
        actual: `${from}, ${until}, ${step}`,
        expected: 'whole numbers, and a step other than 0',
      });
    }
    return this.#state.frame({ kind: 'range', start: from, end: until, step });
  }

  /**
   * The DataFrame of a query over temporary views, or the answer of a command (`CREATE TEMP VIEW`, `SHOW TABLES`, `DESCRIBE`, `SET`).
   *
   * `args` are the values of markers in the text: an object for `:name`, an array for `?`. They are values and never SQL.
   *
   * @example
   * spark.sql('SELECT user, sum(amount) AS total FROM orders GROUP BY user ORDER BY total DESC')
   * spark.sql('SELECT * FROM orders WHERE user = :user', { user: "O'Hara" })
   */
  sql(text: string, args?: SqlArguments): DataFrame {
    return runStatement(parseStatement(text, this.#state, parametersOf(args)), this.#state);
  }

  /** The DataFrame of a temporary view. */
  table(name: string): DataFrame {
    return this.#state.table(name);
  }

  /** A DataFrame of a plan; for parts of the engine. */
  frameOf(plan: LogicalPlan): DataFrame {
    return this.#state.frameOf(plan);
  }

  nextId(): number {
    return this.#state.nextId();
  }

  /** Another session with the same settings, and views and functions of its own. */
  newSession(): Session {
    return new Session({
      config: this.conf.getAll(),
      clock: this.clock,
      globalViews: this.#state.globalViews,
      ...(this.#state.openCheckpoint === undefined ? {} : { openCheckpoint: this.#state.openCheckpoint }),
    });
  }

  /** Stops all queries. May be called twice. */
  async stop(): Promise<void> {
    if (active === this) active = undefined;
    await Promise.all(this.streams.active.map(async (query) => await query.stop()));
  }
}

export interface FunctionRegistration {
  /** Makes a function known by a name, with the type of what it returns; gives a builder of columns. */
  register(
    name: string,
    call: (...args: readonly unknown[]) => unknown,
    returns?: string | DataType,
  ): (...args: readonly unknown[]) => Column;
}

let active: Session | undefined;

/** Collects settings; `getOrCreate` gives the active session with these settings added, or a new one. */
export class SessionBuilder {
  readonly #config: Record<string, string | number | boolean> = {};
  #clock: Clock | undefined;

  appName(name: string): this {
    return this.config('spark.app.name', name);
  }

  /**
   * How many threads a query uses: `local`, `local[N]` or `local[*]` for one on each processor. They read partitions, filter, join with static data
   * and count; one keeps state, order and the checkpoint. Any other master runs here, on one thread.
   */
  master(url: string): this {
    return this.config('spark.master', url);
  }

  /** One setting, or several as an object. */
  config(name: string, value: string | number | boolean): this;
  config(settings: Readonly<Record<string, string | number | boolean>>): this;
  config(name: string | Readonly<Record<string, string | number | boolean>>, value?: string | number | boolean): this {
    if (typeof name === 'string') this.#config[name] = value ?? '';
    else Object.assign(this.#config, name);
    return this;
  }

  /** The clock of the session's queries. */
  clock(clock: Clock): this {
    this.#clock = clock;
    return this;
  }

  /** A Spark cluster over Spark Connect. */
  remote(_url: string): never {
    return raise('NOT_YET', {
      feature: 'Session.builder().remote()',
      instead: 'Leave it out: queries then run in this process.',
    });
  }

  getOrCreate(): Session {
    if (active !== undefined && (this.#clock === undefined || this.#clock === active.clock)) {
      for (const [name, value] of Object.entries(this.#config)) active.conf.set(name, value);
      return active;
    }
    active = this.create();
    return active;
  }

  /** A new session, whatever is active. */
  create(): Session {
    return new Session({ config: this.#config, ...(this.#clock === undefined ? {} : { clock: this.#clock }) });
  }
}

function argumentOf(arg: unknown): Column['expression'] {
  return typeof arg === 'string' ? { kind: 'name', parts: [arg] } : expressionOf(arg);
}
