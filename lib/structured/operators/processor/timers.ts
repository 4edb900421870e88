import type { StateTable } from '../../../store/state-table.ts';
import type { InternalRow } from '../../types/data-type.ts';
import { ExpiryIndex } from '../expiry-index.ts';

/** A timer that is due. */
export interface DueTimer {
  readonly key: InternalRow;
  readonly timeMs: number;
}

/** Timers of all keys. State: key and time -> true; gone when fired or deleted. */
export class Timers {
  readonly #timers: StateTable<readonly [InternalRow, number], true>;
  readonly #byKey: StateTable<InternalRow, readonly number[]>;
  readonly #index = new ExpiryIndex<InternalRow>();

  constructor(
    timers: StateTable<readonly [InternalRow, number], true>,
    byKey: StateTable<InternalRow, readonly number[]>,
  ) {
    this.#timers = timers;
    this.#byKey = byKey;
    timers.forEach(([key, timeMs]) => {
      this.#index.add(timeMs * 1000, key);
    });
  }

  register(key: InternalRow, timeMs: number): void {
    if (this.#timers.has([key, timeMs])) return;
    this.#timers.put([key, timeMs], true);
    this.#byKey.update(key, (times) => [...(times ?? []), timeMs]);
    this.#index.add(timeMs * 1000, key);
  }

  delete(key: InternalRow, timeMs: number): void {
    if (!this.#timers.remove([key, timeMs])) return;
    this.#byKey.update(key, (times) => {
      const left = times?.filter((time) => time !== timeMs) ?? [];
      return left.length === 0 ? undefined : left;
    });
  }

  /** The timers of a key, oldest first. */
  of(key: InternalRow): readonly number[] {
    return (this.#byKey.get(key) ?? []).toSorted((a, b) => a - b);
  }

  /** What is due at a time, oldest first. What is handed out stays registered until it is deleted. */
  due(untilMs: number): readonly DueTimer[] {
    const due: DueTimer[] = [];
    this.#index.take(untilMs * 1000, (key, timeUs) => due.push({ key, timeMs: Number(timeUs) / 1000 }));
    return due.toSorted((a, b) => a.timeMs - b.timeMs);
  }

  hasDue(untilMs: number): boolean {
    return this.#index.has(untilMs * 1000);
  }

  has({ key, timeMs }: DueTimer): boolean {
    return this.#timers.has([key, timeMs]);
  }
}
