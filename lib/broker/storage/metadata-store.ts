export type MetadataKey = readonly (string | number)[];
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * What a broker knows beside its records: topics, committed offsets, producer ids, transactions.
 *
 * The last value of a key holds. When `put` returns, the value survives the end of the process. The first part of a key says what kind of thing
 * it is about.
 */
export interface MetadataStore {
  put(key: MetadataKey, value: Json | undefined): void;
  /** What was there when the broker started, of one kind. */
  entries(kind: string): Iterable<readonly [MetadataKey, Json]>;
  close(): void;
}

/** Keeps nothing: a broker in memory has its own tables. */
export const forgetfulMetadata: MetadataStore = {
  put() {
    // Nothing outlives this broker.
  },
  entries: () => [],
  close() {
    // Nothing is open.
  },
};
