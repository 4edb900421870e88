/** How bytes become a key or a value: `'utf8'` (the default), `'json'`, `'buffer'`, or a function. Null stays null. */
export type Deserializer = 'utf8' | 'json' | 'buffer' | ((bytes: Uint8Array) => unknown);

/** What to read and how. The connector checks it when the stream is built. */
export interface KafkaStreamOptions {
  /** Addresses to begin with, `host:port`. */
  readonly brokers: readonly string[] | string;
  /** Exactly one of `topics`, `topicPattern` and `assignment`. */
  readonly topics?: readonly string[] | string;
  /** Topics whose whole name matches, now and later. */
  readonly topicPattern?: RegExp | string;
  /** Partitions by topic, read without looking for others. */
  readonly assignment?: Readonly<Record<string, readonly number[]>>;
  /** Without a checkpoint: `'latest'` (the default, as in Spark), `'earliest'`, `{ timestamp }`, or numbers by topic and partition. */
  readonly startingOffsets?:
    | 'earliest'
    | 'latest'
    | { readonly timestamp: number }
    | Readonly<Record<string, number | Readonly<Record<number, number>>>>;
  readonly deserialize?: { readonly key?: Deserializer; readonly value?: Deserializer };
  /** Records a second for each partition: the same for all, or by topic and partition, where 0 is no limit. */
  readonly maxRatePerPartition?: number | ((topic: string, partition: number) => number);
  /** The least that a rate comes down to for a partition: records a batch. */
  readonly minRatePerPartition?: number;
  /** True (the default) reads only what transactions have committed. */
  readonly readCommitted?: boolean;
  /** False goes on where records are missing, with a warning that counts them. */
  readonly failOnDataLoss?: boolean;
  /** Where offsets are committed for lag tools to see. The stream never reads them. */
  readonly groupId?: string;
  /** True, or the options of Node's `tls.connect`. */
  readonly ssl?: boolean | Readonly<Record<string, unknown>>;
  readonly sasl?: Readonly<Record<string, unknown>>;
  readonly clientId?: string;
  readonly connectionTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** How long to try at the start; 9 s. */
  readonly startTimeoutMs?: number;
  /** How long to wait for a broker that went away in the middle of a run; 5 minutes. */
  readonly unreachableTimeoutMs?: number;
  /** Bytes read ahead and not yet consumed; 64 MiB. */
  readonly maxBufferedBytes?: number;
  /** Larger records are refused; 64 MiB. */
  readonly maxRecordBytes?: number;
}
