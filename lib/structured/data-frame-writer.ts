import { raise } from '../kernel/errors.ts';
import type { DataFrame } from './data-frame.ts';
import { OptionMap, type OptionValue } from './query/option-map.ts';
import { saveRows } from './query/save-rows.ts';

const modes = ['append', 'overwrite', 'error', 'errorifexists', 'ignore'] as const;
export type SaveMode = (typeof modes)[number];

/**
 * Writes what is there now: `df.write`.
 *
 * @example
 * await df.write.format('json').mode('overwrite').save('./out')
 */
export class DataFrameWriter {
  readonly #frame: DataFrame;
  readonly #options = new OptionMap();
  #format = 'parquet';
  #mode: SaveMode = 'error';
  #partitionBy: readonly string[] = [];

  constructor(frame: DataFrame) {
    if (frame.isStreaming) raise('CALL_ON_STREAMING_DATASET_UNSUPPORTED', { methodName: '`write`' });
    this.#frame = frame;
  }

  /** `json`, `csv`, `text`, `kafka`, `console`, `noop`. */
  format(name: string): this {
    this.#format = name;
    return this;
  }

  /** What to do with a folder that is there: `error` (the default), `append`, `overwrite`, `ignore`. */
  mode(mode: SaveMode | (string & {})): this {
    this.#mode = modes.find((known) => known === mode.toLowerCase()) ?? raise('SINK_MODE', { mode });
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

  /** Columns whose values name the folders into which files are written. */
  partitionBy(...columns: readonly (string | readonly string[])[]): this {
    this.#partitionBy = columns.flat();
    return this;
  }

  async save(path?: string): Promise<void> {
    if (path !== undefined) this.#options.set('path', path);
    const { plan, sessionState } = this.#frame;
    const { backend, conf } = sessionState;
    await saveRows({
      format: this.#format,
      mode: this.#mode === 'errorifexists' ? 'error' : this.#mode,
      options: this.#options.all,
      partitionBy: this.#partitionBy,
      output: backend.analyze(plan),
      rows: async () => await backend.collect(plan),
      timeZone: conf.timeZone,
    });
  }

  async json(path: string): Promise<void> {
    await this.format('json').save(path);
  }

  async csv(path: string): Promise<void> {
    await this.format('csv').save(path);
  }

  async text(path: string): Promise<void> {
    await this.format('text').save(path);
  }
}
