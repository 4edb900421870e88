import type { MetadataStore } from '../storage/metadata-store.ts';

/** Ids stored at once: a restart skips what is left of a block instead of storing each id. */
const blockSize = 1000;

/** Gives out producer ids, none twice, also not after a restart. */
export class ProducerIds {
  readonly #metadata: MetadataStore;
  #next = 0;
  #blockEnd = 0;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
    for (const [, stored] of metadata.entries('producerIds')) this.#next = Number(stored);
    this.#blockEnd = this.#next;
  }

  take(): number {
    if (this.#next === this.#blockEnd) {
      this.#metadata.put(['producerIds'], this.#blockEnd + blockSize);
      this.#blockEnd += blockSize;
    }
    return this.#next++;
  }
}
