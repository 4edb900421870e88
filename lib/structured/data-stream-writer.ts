import { raise } from '../kernel/errors.ts';
import type { QueryOptions, Trigger } from './backend.ts';
import type { DataFrame } from './data-frame.ts';
import { schemaOf } from './operators/row-objects.ts';
import type { OutputMode } from './plan/user-programs.ts';
import { OptionMap, type OptionValue } from './query/option-map.ts';
import { parseTrigger, type TriggerOptions } from './query/parse-trigger.ts';
import type { ForeachWriter } from './query/sinks/foreach-sink.ts';
import type { StreamingQuery } from './query/streaming-query.ts';

/**
 * Starts a query that writes a stream somewhere: `df.writeStream`.
 *
 * @example
 * const query = await df.writeStream.outputMode('update').format('console').start()
 */
export class DataStreamWriter {
  readonly #frame: DataFrame;
  readonly #options = new OptionMap();
  #mode = 'append';
  #format: string | undefined;
  #name: string | undefined;
  #trigger: Trigger = { kind: 'processingTime', intervalMs: 0 };
  #partitionBy: readonly string[] = [];
  #foreach: object | undefined;
  #late: DataStreamWriter | undefined;
  #foreachBatch: ((df: DataFrame, batchId: number) => unknown) | undefined;

  constructor(frame: DataFrame) {
    if (!frame.isStreaming) raise('WRITE_STREAM_NOT_ALLOWED', {});
    this.#frame = frame;
  }

  /** `append`, the default: rows that will not change. `update`: rows that changed. `complete`: the whole result every time. */
  outputMode(mode: OutputMode | (string & {})): this {
    this.#mode = mode;
    return this;
  }

  /** `console`, `memory`, `kafka`, `json`, `csv`, `text`, `noop`. */
  format(name: string): this {
    this.#format = name;
    return this;
  }

  option(name: string, value: OptionValue): this {
    this.#options.set(name, value);
    return this;
  }

  options(options: Readonly<Record<string, OptionValue>>): this {
    for (const [name, value] of Object.entries(options)) this.#options.set(name, value);
    return this;
  }

  /** Names the query, and the table of a memory sink. No two active queries of a session have the same name. */
  queryName(name: string): this {
    this.#name = name;
    return this;
  }

  /** When batches run. Without it the next one begins as soon as there is something to do. */
  trigger(options: TriggerOptions): this {
    this.#trigger = parseTrigger(options);
    return this;
  }

  /** Columns whose values name the folders into which a file sink writes. */
  partitionBy(...columns: readonly (string | readonly string[])[]): this {
    this.#partitionBy = columns.flat();
    return this;
  }

  /** Calls a function for every row, or the methods `open`, `process` and `close` of an object. */
  foreach(writer: ForeachWriter | ((row: never) => unknown)): this {
    this.#foreach = writer;
    return this;
  }

  /** Hands every batch to the program as a DataFrame, with the batch's id: the same id means the same batch. */
  foreachBatch(call: (df: DataFrame, batchId: number) => unknown): this {
    this.#foreachBatch = call;
    return this;
  }

  /**
   * Writes the query's late rows, too: `lateRows(df)` with a sink of its own. Both outputs belong to the same batches. Mode, trigger and
   * checkpoint are the query's.
   */
  lateRows(writer: DataStreamWriter): this {
    this.#late = writer;
    return this;
  }

  /** Starts the query; resolves when it is running. `path` is where files go. */
  async start(path?: string): Promise<StreamingQuery> {
    if (path !== undefined) this.#options.set('path', path);
    return await this.#frame.sessionState.backend.start(this.#frame.plan, this.#queryOptions());
  }

  /** Starts the query with a table of the session as its sink. */
  async toTable(name: string): Promise<StreamingQuery> {
    return await this.format('memory').queryName(name).start();
  }

  #queryOptions(): QueryOptions {
    const foreachBatch = this.#foreachBatch;
    return {
      ...(this.#name === undefined ? {} : { name: this.#name }),
      mode: outputModeOf(this.#mode),
      format: this.#format ?? 'parquet',
      options: this.#options.all,
      partitionBy: this.#partitionBy,
      trigger: this.#trigger,
      ...(this.#foreach === undefined ? {} : { foreach: this.#foreach }),
      ...(this.#late === undefined
        ? {}
        : { late: { plan: this.#late.#frame.plan, options: this.#late.#queryOptions() } }),
      ...(foreachBatch === undefined
        ? {}
        : {
            foreachBatch: async ({ rows, output, batchId }) => {
              await foreachBatch(this.#frame.derive({ kind: 'local', schema: schemaOf(output), rows }), batchId);
            },
          }),
    };
  }
}

/** Names are matched without regard to case. */
export function outputModeOf(name: string): OutputMode {
  const mode = name.toLowerCase();
  if (mode === 'append' || mode === 'update' || mode === 'complete') return mode;
  return raise('STREAMING_OUTPUT_MODE.INVALID', { outputMode: name });
}
