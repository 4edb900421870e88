import { after, type Done, type Emit } from '../../kernel/evaluation.ts';
import type { TextRows } from '../../io/text-rows.ts';
import { RddNode } from '../rdd-node.ts';
import { TextCounts } from '../texts/text-counts.ts';

/** Tables for counting, used again and again: by one partition at a time, and each keeps the texts that it has made. */
export class CountTables {
  readonly #free: TextCounts[] = [];
  #areThere = true;

  /** Undefined where texts cannot be counted by their bytes. */
  take(): TextCounts | undefined {
    if (!this.#areThere) return undefined;
    const table = this.#free.pop() ?? TextCounts.create();
    this.#areThere = table !== undefined;
    return table;
  }

  giveBack(table: TextCounts): void {
    this.#free.push(table);
  }
}

/**
 * Each element paired with how often it occurred; the counts of an element are to be added up, as `reduceByKey` does. Texts in bytes are
 * counted within their partition, anything else is paired with 1. Pairs come in order of first appearance.
 */
export class CountOccurrencesNode<T> extends RddNode<[T, number]> {
  readonly kind = 'map';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #tables: CountTables;

  constructor(parent: RddNode<T>, tables: CountTables) {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#tables = tables;
  }

  override get isNarrow(): boolean {
    return true;
  }

  compute(partition: number, emit: Emit<[T, number]>): Done {
    let table: TextCounts | undefined;
    const pair = (text: string | null, count: number): void => {
      emit([text as T, count]);
    };
    const element = (value: T): void => {
      if (table?.hasCounts === true) table.drain(pair);
      emit([value, 1]);
    };
    const done = this.parents[0].computeTexts(partition, {
      element,
      texts: (rows) => {
        if (rows.areTexts) table ??= this.#tables.take();
        if (!rows.areTexts || table === undefined) rows.forEach(element);
        else table.add(rows as TextRows<string | null>, pair);
      },
    });
    return after(done, () => {
      if (table === undefined) return;
      table.drain(pair);
      this.#tables.giveBack(table);
    });
  }
}
