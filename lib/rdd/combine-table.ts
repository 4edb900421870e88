import type { Done, Emit } from '../kernel/evaluation.ts';
import type { Partitioner } from '../kernel/partitioner.ts';
import { raise } from '../kernel/errors.ts';
import { nextTurn } from '../kernel/clock.ts';
import { CellIndex, type KeyedCell } from './cell-index.ts';
import { pushSlice } from './evaluate.ts';
import { functionFailed } from './function-failure.ts';
import { type Pair, assertPair } from './pair.ts';

/** How the values of a key become one: within an input partition by `mergeValue`, across partitions by `mergeCombiners`. */
export interface Aggregator<V, C> {
  /** From the first value of a key in an input partition. */
  create(value: V): C;
  mergeValue(combined: C, value: V): C;
  /**
   * Joins what two input partitions made of a key, the earlier one first. Left out where it makes no difference: then `mergeValue`
   * goes on across partitions.
   */
  mergeCombiners?(first: C, second: C): C;
  /** What is given out at each reading, where combiners can be changed by who gets them. */
  copy?(combined: C): C;
}

class Cell<K, C> implements KeyedCell<K> {
  readonly key: K;
  hash = 0;
  /** What the current input partition has made so far. */
  value: C;
  /** What the partitions before it made, when `hasEarlier`. */
  earlier: C | undefined = undefined;
  hasEarlier = false;
  inputPartition: number;

  constructor(key: K, value: C, inputPartition: number) {
    this.key = key;
    this.value = value;
    this.inputPartition = inputPartition;
  }
}

const cellsPerTurn = 65_536;

/**
 * The table of a shuffle that combines: input partitions push pairs into it one after the other (`open`, the map side), then each output
 * partition is read (`read`, the reduce side). On one thread both sides are this one table, so nothing is combined twice.
 *
 * - One lookup for each record, in one map for all output partitions; the partitioner is asked once for each key.
 * - Keys of an output partition come in order of first appearance.
 * - Input partitions are opened one at a time, in order: combiners are told apart by the partition that made them.
 */
export class CombineTable<K, V, C> {
  readonly #cells = new CellIndex<K, Cell<K, C>>();
  readonly #outputs: Cell<K, C>[][];
  readonly #partitioner: Partitioner;
  readonly #aggregator: Aggregator<V, C>;
  readonly #operator: string;

  constructor(partitioner: Partitioner, aggregator: Aggregator<V, C>, operator: string) {
    this.#partitioner = partitioner;
    this.#aggregator = aggregator;
    this.#operator = operator;
    this.#outputs = Array.from({ length: partitioner.numPartitions }, () => []);
  }

  /** Takes the pairs of one input partition. This is the hot loop of every `...ByKey`. */
  open(inputPartition: number): Emit<Pair<K, V>> {
    const cells = this.#cells;
    const operator = this.#operator;
    const aggregator = this.#aggregator;
    const isSplit = aggregator.mergeCombiners !== undefined;
    return (pair) => {
      const cell = cells.find(pair[0]);
      if (cell === undefined) {
        this.#add(pair, inputPartition);
      } else if (isSplit && cell.inputPartition !== inputPartition) {
        this.#close(cell);
        cell.inputPartition = inputPartition;
        cell.value = this.#create(pair[1]);
      } else {
        try {
          cell.value = aggregator.mergeValue(cell.value, pair[1]);
        } catch (error) {
          throw functionFailed(operator, error);
        }
      }
    };
  }

  /** To be called once, when all input partitions are through. */
  async finish(): Promise<void> {
    if (this.#aggregator.mergeCombiners === undefined) return;
    for (const output of this.#outputs) {
      for (const [index, cell] of output.entries()) {
        if (cell.hasEarlier) this.#close(cell);
        cell.value = cell.hasEarlier ? (cell.earlier as C) : cell.value;
        if (index % cellsPerTurn === cellsPerTurn - 1) await nextTurn();
      }
    }
  }

  /** Pushes the pairs of one output partition; each time fresh pairs. */
  read(partition: number, emit: Emit<[K, C]>): Done {
    const { copy } = this.#aggregator;
    const emitCell = (cell: Cell<K, C>): void => {
      emit([cell.key, copy === undefined ? cell.value : copy(cell.value)]);
    };
    const cells = this.#outputs[partition] ?? [];
    return pushSlice(cells, 0, cells.length, emitCell);
  }

  #add(pair: Pair<K, V>, inputPartition: number): void {
    assertPair(this.#operator, pair);
    const key = pair[0];
    const cell = new Cell(key, this.#create(pair[1]), inputPartition);
    this.#outputs[outputOf(this.#partitioner, key, this.#operator)]?.push(cell);
    this.#cells.add(cell);
  }

  #create(value: V): C {
    try {
      return this.#aggregator.create(value);
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
  }

  /** Puts the current combiner behind those of earlier partitions. */
  #close(cell: Cell<K, C>): void {
    if (cell.hasEarlier) {
      try {
        cell.earlier = this.#aggregator.mergeCombiners?.(cell.earlier as C, cell.value);
      } catch (error) {
        throw functionFailed(this.#operator, error);
      }
    } else {
      cell.earlier = cell.value;
      cell.hasEarlier = true;
    }
  }
}

/** The output partition of a key, checked: a custom partitioner that errs must not lose records. */
export function outputOf(partitioner: Partitioner, key: unknown, operator: string): number {
  let partition: number;
  try {
    partition = partitioner.partitionOf(key);
  } catch (error) {
    throw functionFailed(operator, error);
  }
  const { numPartitions } = partitioner;
  if (!Number.isInteger(partition) || partition < 0 || partition >= numPartitions) {
    raise('RDD_PARTITIONER', { operator, given: String(partition), numPartitions });
  }
  return partition;
}
