import type { OperatorId } from '../kernel/operator-id.ts';
import { ByteTable } from './byte-table.ts';

export interface TableEntry {
  readonly operator: OperatorId;
  readonly name: string;
  readonly partition: number;
  readonly table: ByteTable<unknown, unknown>;
}

/** The tables of a store, found by operator, name and partition. */
export class TableSet {
  private readonly byOperator = new Map<OperatorId, Map<string, Map<number, TableEntry>>>();

  get operators(): readonly OperatorId[] {
    return [...this.byOperator.keys()];
  }

  find(operator: OperatorId, name: string, partition: number): TableEntry | undefined {
    return this.byOperator.get(operator)?.get(name)?.get(partition);
  }

  open(operator: OperatorId, name: string, partition: number): TableEntry {
    const names = getOrAdd(this.byOperator, operator, () => new Map<string, Map<number, TableEntry>>());
    const partitions = getOrAdd(names, name, () => new Map<number, TableEntry>());
    return getOrAdd(partitions, partition, () => ({
      operator,
      name,
      partition,
      table: new ByteTable<unknown, unknown>(operator),
    }));
  }

  drop(operator: OperatorId): readonly TableEntry[] {
    const dropped = [...this].filter((entry) => entry.operator === operator);
    this.byOperator.delete(operator);
    return dropped;
  }

  discard(): void {
    for (const { table } of this) table.discard();
  }

  *[Symbol.iterator](): Generator<TableEntry> {
    for (const names of this.byOperator.values()) for (const partitions of names.values()) yield* partitions.values();
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
