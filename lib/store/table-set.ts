import { getOrAdd } from '../kernel/get-or-add.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import { ByteTable } from './byte-table.ts';
import type { TableName } from './state-store.ts';

export interface TableEntry<T = ByteTable<unknown, unknown>> extends TableName {
  /** Replaced by its store alone. */
  table: T;
}

/** The tables of a store, found by operator, name and partition; made by `create` when first asked for. */
export class TableSet<T extends { discard(): void } = ByteTable<unknown, unknown>> {
  private readonly byOperator = new Map<OperatorId, Map<string, Map<number, TableEntry<T>>>>();
  private readonly create: (name: TableName) => T;

  constructor(create: (name: TableName) => T) {
    this.create = create;
  }

  get operators(): readonly OperatorId[] {
    return [...this.byOperator.keys()];
  }

  find(operator: OperatorId, name: string, partition: number): TableEntry<T> | undefined {
    return this.byOperator.get(operator)?.get(name)?.get(partition);
  }

  open(operator: OperatorId, name: string, partition: number): TableEntry<T> {
    const names = getOrAdd(this.byOperator, operator, () => new Map<string, Map<number, TableEntry<T>>>());
    const partitions = getOrAdd(names, name, () => new Map<number, TableEntry<T>>());
    return getOrAdd(partitions, partition, () => ({
      operator,
      name,
      partition,
      table: this.create({ operator, name, partition }),
    }));
  }

  drop(operator: OperatorId): readonly TableEntry<T>[] {
    const dropped = [...this].filter((entry) => entry.operator === operator);
    this.byOperator.delete(operator);
    return dropped;
  }

  discard(): void {
    for (const { table } of this) table.discard();
  }

  *[Symbol.iterator](): Generator<TableEntry<T>> {
    for (const names of this.byOperator.values()) for (const partitions of names.values()) yield* partitions.values();
  }
}

/** A set of tables that begin in memory as a whole; `T`: what their store may put in the place of one. */
export function byteTables<T extends { discard(): void } = never>(): TableSet<ByteTable<unknown, unknown> | T> {
  return new TableSet(({ operator }) => new ByteTable<unknown, unknown>(operator));
}
