/**
 * A record as the functions of a program see it: a plain object, that may be spread, printed, compared, put into state and kept.
 *
 * `key` and `value` are what `deserialize` makes of the bytes: texts unless told otherwise. A missing key and a tombstone are null.
 */
export interface KafkaRecord<K = string | null, V = string> {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch, by the producer or the broker as the topic is set up. */
  readonly timestamp: number;
  readonly key: K;
  readonly value: V;
  readonly headers: KafkaHeaders;
}

/** Header values by name; a name that occurs several times has an array. */
export type KafkaHeaders = Readonly<Record<string, Buffer | null | readonly (Buffer | null)[]>>;
