import { changesIn } from '../../store/packed-tables.ts';
import type { PackedTable, StateStore } from '../../store/state-store.ts';
import type { StateTable } from '../../store/state-table.ts';
import { byteTables } from '../../store/table-set.ts';

/**
 * The states that a thread has: of every step the tables of its partitions. Nothing here is durable: what a batch changes is packed and
 * goes to the thread that commits.
 *
 * Tables without partitions say how far a step is. Each thread has them, writes the same into them, and the first one says so.
 */
export class ThreadTables implements Pick<StateStore, 'table'> {
  readonly #tables = byteTables();
  readonly #isOwn: (partition: number) => boolean;

  constructor(isOwn: (partition: number) => boolean) {
    this.#isOwn = isOwn;
  }

  table<K, V>(operator: string, name: string, partition = 0): StateTable<K, V> {
    return this.#tables.open(operator, name, partition).table as unknown as StateTable<K, V>;
  }

  load(tables: readonly PackedTable[]): void {
    for (const { operator, name, partition, parts } of tables) {
      const { table } = this.#tables.open(operator, name, partition);
      for (const part of parts) table.apply(part);
    }
  }

  /** What the batch has changed in the tables that are this thread's to tell of. */
  changes(): readonly PackedTable[] {
    return changesIn(this.#tables, this.#isOwn);
  }

  /** The batch is over. */
  end(isCommitted: boolean): void {
    if (!isCommitted) this.#tables.discard();
    else for (const { table } of this.#tables) table.accept();
  }
}
