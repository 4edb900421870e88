/** How rows are written to a topic. The connector checks it when the stream is built. */
export interface KafkaSinkOptions<T = unknown> {
  /** Addresses to begin with, `host:port`. */
  readonly brokers: readonly string[] | string;
  /** Makes the key of a row. Without it the row's own shape says it: a pair, or an object with a `value`. */
  readonly key?: (row: T) => unknown;
  /** Makes the value of a row. Without it the row's own shape says it. */
  readonly value?: (row: T) => unknown;
  /** `'none'` unless told otherwise. */
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4';
  /** Records of one partition are gathered into batches of up to this many bytes; 512 KiB. */
  readonly batchBytes?: number;
  /** How long writing is tried before the batch fails; 2 minutes. */
  readonly deliveryTimeoutMs?: number;
  /** True, or the options of Node's `tls.connect`. */
  readonly ssl?: boolean | Readonly<Record<string, unknown>>;
  readonly sasl?: Readonly<Record<string, unknown>>;
  readonly clientId?: string;
  readonly connectionTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
}
