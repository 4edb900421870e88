import type { LogConfig } from '../log/log-config.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { toLogConfig } from './topic-config.ts';

/** A topic: its partitions' logs and the configuration values set on it. */
export class Topic {
  readonly name: string;
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly partitions: PartitionLog[] = [];
  readonly #defaults: ReadonlyMap<string, string>;
  #configs: ReadonlyMap<string, string>;
  #logConfig: LogConfig;

  constructor(name: string, id: string, configs: ReadonlyMap<string, string>, defaults: ReadonlyMap<string, string>) {
    this.name = name;
    this.id = id;
    this.#configs = configs;
    this.#defaults = defaults;
    this.#logConfig = toLogConfig(configs, defaults);
  }

  /** The values set on this topic, without defaults. */
  get configs(): ReadonlyMap<string, string> {
    return this.#configs;
  }

  get logConfig(): LogConfig {
    return this.#logConfig;
  }

  configure(configs: ReadonlyMap<string, string>): void {
    this.#configs = configs;
    this.#logConfig = toLogConfig(configs, this.#defaults);
  }
}
