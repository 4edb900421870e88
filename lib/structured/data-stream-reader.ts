import type { DataFrame } from './data-frame.ts';
import { readPlan } from './query/read-plan.ts';
import { OptionMap, type OptionValue } from './query/option-map.ts';
import type { SessionState } from './session-state.ts';
import { parseSchema } from './types/ddl.ts';
import type { StructType } from './types/data-type.ts';

/**
 * Reads a source as a stream: `spark.readStream`.
 *
 * @example
 * spark.readStream.format('rate').option('rowsPerSecond', 5).load()
 */
export class DataStreamReader {
  readonly #session: SessionState;
  readonly #options = new OptionMap();
  #format = 'parquet';
  #schema: StructType | undefined;

  constructor(session: SessionState) {
    this.#session = session;
  }

  /** `kafka`, `rate`, `rate-micro-batch`, `socket`, `json`, `csv`, `text`. */
  format(name: string): this {
    this.#format = name;
    return this;
  }

  /** The columns, as DDL text or a struct. Files need it; the other sources have columns of their own. */
  schema(schema: string | StructType): this {
    this.#schema = typeof schema === 'string' ? parseSchema(schema) : schema;
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

  load(path?: string): DataFrame {
    if (path !== undefined) this.#options.set('path', path);
    return readPlan(this.#session, {
      isStreaming: true,
      format: this.#format,
      options: this.#options.all,
      schema: this.#schema,
    });
  }

  json(path: string): DataFrame {
    return this.format('json').load(path);
  }

  csv(path: string): DataFrame {
    return this.format('csv').load(path);
  }

  text(path: string): DataFrame {
    return this.format('text').load(path);
  }

  /** A temporary view that was made from a stream. */
  table(name: string): DataFrame {
    return this.#session.table(name);
  }
}
