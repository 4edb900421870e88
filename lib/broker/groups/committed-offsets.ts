import type { Json, MetadataStore } from '../storage/metadata-store.ts';

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

/** Offsets that groups committed, and those that become committed when a transaction does. */
export class CommittedOffsets {
  readonly #metadata: MetadataStore;
  readonly #groups = new Map<string, Map<string, CommittedOffset>>();
  /** By group, then by producer id. */
  readonly #pending = new Map<string, Map<number, CommittedOffset[]>>();

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
    for (const [[, group], value] of metadata.entries('offset')) {
      const offset = value as unknown as CommittedOffset;
      this.#of(String(group)).set(keyOf(offset.topic, offset.partition), offset);
    }
    for (const [[, group, producerId], value] of metadata.entries('pendingOffsets')) {
      this.#pendingOf(String(group)).set(Number(producerId), value as unknown as CommittedOffset[]);
    }
  }

  get groupIds(): readonly string[] {
    return [...this.#groups.keys()];
  }

  has(group: string): boolean {
    return this.#groups.has(group) || this.#pending.has(group);
  }

  all(group: string): readonly CommittedOffset[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  get(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(group)?.get(keyOf(topic, partition));
  }

  commit(group: string, offset: CommittedOffset): void {
    this.#metadata.put(['offset', group, offset.topic, offset.partition], { ...offset });
    this.#of(group).set(keyOf(offset.topic, offset.partition), offset);
  }

  /** Holds offsets back until the producer's transaction ends. */
  commitLater(group: string, producerId: number, offsets: readonly CommittedOffset[]): void {
    const all = lastOfEach([...(this.#pending.get(group)?.get(producerId) ?? []), ...offsets]);
    this.#metadata.put(['pendingOffsets', group, producerId], all as unknown as Json);
    this.#pendingOf(group).set(producerId, all);
  }

  /** Whether a transaction under way may still change this offset. */
  isUnstable(group: string, topic: string, partition: number): boolean {
    const pending = this.#pending.get(group);
    if (pending === undefined) return false;
    return [...pending.values()].some((list) => list.some((o) => o.topic === topic && o.partition === partition));
  }

  endTransaction(group: string, producerId: number, commit: boolean): void {
    const pending = this.#pending.get(group);
    const offsets = pending?.get(producerId);
    if (pending === undefined || offsets === undefined) return;
    if (commit) for (const offset of offsets) this.commit(group, offset);
    pending.delete(producerId);
    if (pending.size === 0) this.#pending.delete(group);
    this.#metadata.put(['pendingOffsets', group, producerId], undefined);
  }

  delete(group: string, topic: string, partition: number): void {
    const offsets = this.#groups.get(group);
    if (offsets?.delete(keyOf(topic, partition))) this.#metadata.put(['offset', group, topic, partition], undefined);
    if (offsets?.size === 0) this.#groups.delete(group);
  }

  deleteGroup(group: string): void {
    for (const { topic, partition } of this.all(group)) this.delete(group, topic, partition);
  }

  deleteTopic(topic: string): void {
    for (const group of this.groupIds) {
      for (const offset of this.all(group)) if (offset.topic === topic) this.delete(group, topic, offset.partition);
    }
  }

  #of(group: string): Map<string, CommittedOffset> {
    let offsets = this.#groups.get(group);
    if (offsets === undefined) this.#groups.set(group, (offsets = new Map<string, CommittedOffset>()));
    return offsets;
  }

  #pendingOf(group: string): Map<number, CommittedOffset[]> {
    let pending = this.#pending.get(group);
    if (pending === undefined) this.#pending.set(group, (pending = new Map<number, CommittedOffset[]>()));
    return pending;
  }
}

/** What a transaction says again about a partition replaces what it said before. */
function lastOfEach(offsets: readonly CommittedOffset[]): CommittedOffset[] {
  return [...new Map(offsets.map((offset) => [keyOf(offset.topic, offset.partition), offset])).values()];
}

/** Topic names have no slash. */
function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
