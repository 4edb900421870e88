import type { DataFrame } from './data-frame.ts';
import { OptionMap, type OptionValue } from './query/option-map.ts';
import { readPlan } from './query/read-plan.ts';
import type { SessionState } from './session-state.ts';
import { parseSchema } from './types/ddl.ts';
import type { StructType } from './types/data-type.ts';

/**
 * Reads what is there now: `spark.read`.
 *
 * @example
 * spark.read.schema('id INT, name STRING').json('./users')
 */
export class DataFrameReader {
  readonly #session: SessionState;
  readonly #options = new OptionMap();
  #format = 'parquet';
  #schema: StructType | undefined;

  constructor(session: SessionState) {
    this.#session = session;
  }

  /** `kafka`, `json`, `csv`, `text`. */
  format(name: string): this {
    this.#format = name;
    return this;
  }

  /** The columns of files, as DDL text or a struct. */
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
      isStreaming: false,
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

  /** A temporary view. */
  table(name: string): DataFrame {
    return this.#session.table(name);
  }
}
