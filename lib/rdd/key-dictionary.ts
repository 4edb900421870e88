import type { HashPartitioner } from '../kernel/partitioner.ts';
import { KeyIndex } from './key-index.ts';

/** V8 copies a shorter part of a text; a longer one keeps the whole text alive. */
const shortestPart = 13;
/** A dictionary may have so many keys, however few the batches have. */
const fewestKeys = 4096;
/** Beyond, a dictionary has mostly keys that do not come any more. */
const keysForEachInUse = 4;
const mostCharacters = 1 << 24;
/** What one large batch had counts less and less. */
const fading = 0.95;

/**
 * Numbers keys for longer than one batch: most keys of a batch were in the one before, and what is known of them by their numbers holds
 * on. Numbers and keys stay what they are; whoever begins anew takes another dictionary.
 */
export class KeyDictionary<K> extends KeyIndex<K> {
  readonly #translations = new WeakMap<readonly K[], Translation>();
  #partitioner: HashPartitioner | undefined;
  /** By number: the partition by that partitioner, plus 1. */
  #partitions = new Int32Array(0);
  #characters = 0;
  #isLasting = true;

  /** False once it has a key that the next batch must not be given: an object, which somebody may change, or -0, which is found as 0. */
  get isLasting(): boolean {
    return this.#isLasting && this.#characters <= mostCharacters;
  }

  override add(key: K): number {
    if (typeof key === 'string') {
      this.#characters += key.length;
      return super.add(key.length < shortestPart ? key : (ownText(key) as K));
    }
    if ((typeof key === 'object' && key !== null) || typeof key === 'function' || Object.is(key, -0)) {
      this.#isLasting = false;
    }
    return super.add(key);
  }

  /** Where a key belongs: its hash is worked out once. */
  partitionOf(number: number, partitioner: HashPartitioner): number {
    if (partitioner !== this.#partitioner || number >= this.#partitions.length) this.#makeRoom(partitioner);
    const known = this.#partitions[number] as number;
    if (known > 0) return known - 1;
    const partition = partitioner.partitionOf(this.keys[number]);
    this.#partitions[number] = partition + 1;
    return partition;
  }

  #makeRoom(partitioner: HashPartitioner): void {
    const larger = new Int32Array(64 + 2 * this.keys.length);
    if (partitioner === this.#partitioner) larger.set(this.#partitions);
    this.#partitions = larger;
    this.#partitioner = partitioner;
  }

  /** The number of each key of a list that only grows: each is looked for once, however often it is asked for. */
  translate(keys: readonly K[]): Int32Array {
    const known = this.#translations.get(keys) ?? { numbers: new Int32Array(0), count: 0 };
    if (known.count === keys.length) return known.numbers;
    let { numbers } = known;
    if (numbers.length < keys.length) {
      numbers = new Int32Array(Math.max(keys.length, numbers.length * 2));
      numbers.set(known.numbers);
    }
    for (let i = known.count; i < keys.length; i++) numbers[i] = this.numberOf(keys[i] as K);
    this.#translations.set(keys, { numbers, count: keys.length });
    return numbers;
  }
}

interface Translation {
  readonly numbers: Int32Array;
  /** So many of them are there. */
  readonly count: number;
}

/** The dictionary of one step of a program, from batch to batch; begun anew when most of its keys do not come any more. */
export class LastingKeys<K> {
  #dictionary = new KeyDictionary<K>();
  #inUse = 0;

  /** For the next batch. */
  open(): KeyDictionary<K> {
    const { keys, isLasting } = this.#dictionary;
    const most = Math.max(fewestKeys, keysForEachInUse * this.#inUse);
    if (!isLasting || keys.length > most) this.#dictionary = new KeyDictionary<K>();
    return this.#dictionary;
  }

  /** A batch had so many different keys. */
  used(keys: number): void {
    this.#inUse = Math.max(keys, this.#inUse * fading);
  }
}

/** The same text with memory of its own. */
function ownText(text: string): string {
  return ` ${text}`.slice(1);
}
