import { KeyMap } from '../kernel/key-map.ts';

/** What a `CellIndex` holds for a key. */
export interface KeyedCell<K> {
  readonly key: K;
  /** Belongs to the index. */
  hash: number;
}

/** Longer texts cost less in a Map, which keeps their hash with them. */
const longestShortText = 24;
/** So far a short text may stand from its place; beyond, it goes to a Map, so that keys made to collide cost no more than there. */
const farthest = 24;

/**
 * Finds the cell of a key, equal by value as in `KeyMap`; made for the loop that combines every record of a batch.
 *
 * Short texts stand in an own table with open addressing: a fresh text out of `split` costs one pass over its characters and touches slot,
 * cell and text, where a Map touches four places that are all cold in a large vocabulary (word count over 100,000 words: 15 to 20 % more
 * lines a second; over 1,000 words: 40 %; `scripts/bench/rdd.mjs`). Cells are never removed.
 */
export class CellIndex<K, C extends KeyedCell<K>> {
  #slots: (C | undefined)[] = emptySlots(64);
  #mask = 63;
  #inSlots = 0;
  readonly #crowded = new Map<unknown, C>();
  readonly #others = new KeyMap<K, C>();

  find(key: K): C | undefined {
    if (typeof key !== 'string' || key.length > longestShortText) return this.#others.get(key);
    const hash = hashOf(key);
    const slots = this.#slots;
    const mask = this.#mask;
    for (let probe = 0; probe < farthest; probe++) {
      const cell = slots[(hash + probe) & mask];
      if (cell === undefined) return undefined;
      if (cell.hash === hash && cell.key === key) return cell;
    }
    return this.#crowded.get(key);
  }

  /** Takes the cell of a key that `find` does not know. */
  add(cell: C): void {
    const { key } = cell;
    if (typeof key !== 'string' || key.length > longestShortText) {
      this.#others.set(key, cell);
      return;
    }
    cell.hash = hashOf(key);
    if (this.#inSlots * 2 > this.#mask) this.#grow();
    this.#place(cell);
  }

  #place(cell: C): void {
    for (let probe = 0; probe < farthest; probe++) {
      const place = (cell.hash + probe) & this.#mask;
      if (this.#slots[place] === undefined) {
        this.#slots[place] = cell;
        this.#inSlots += 1;
        return;
      }
    }
    this.#crowded.set(cell.key, cell);
  }

  /** Places every short text anew, the crowded ones too: `find` stops at the first empty slot. */
  #grow(): void {
    const old = this.#slots;
    const crowded = [...this.#crowded.values()];
    this.#slots = emptySlots(old.length * 2);
    this.#mask = this.#slots.length - 1;
    this.#inSlots = 0;
    this.#crowded.clear();
    for (const cell of old) if (cell !== undefined) this.#place(cell);
    for (const cell of crowded) this.#place(cell);
  }
}

function emptySlots<C>(size: number): (C | undefined)[] {
  return Array.from<C | undefined>({ length: size }).fill(undefined);
}

/** FNV-1a with its high bits folded into the low ones, which choose the slot. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
