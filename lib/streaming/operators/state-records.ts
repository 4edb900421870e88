import type { Partitioner } from '../../kernel/partitioner.ts';
import { outputOf } from '../../rdd/combine-table.ts';
import { runEach } from '../../rdd/evaluate.ts';
import { assertPair, type Pair } from '../../rdd/pair.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { placed } from '../../rdd/record-place.ts';
import type { KeyRun, StateTable, unchanged } from '../../store/state-table.ts';

/**
 * So many records of a partition of the state are worked on at once. Not a multiple of 64: where steps are measured every 64th record is,
 * and must not be the one that many others wait for each time.
 */
const recordsAtOnce = 127;

/** What a record makes of the state of its key. `unchanged` leaves it, null or undefined removes it. */
type TakeRecord<K, V, S> = (
  partition: number,
  key: K,
  value: V,
  state: S | undefined,
) => S | null | undefined | typeof unchanged;

interface RecordTaking<K, V, S> {
  /** Of the state, by partition. */
  readonly tables: readonly StateTable<K, S>[];
  readonly partitioner: Partitioner;
  readonly operator: string;
  readonly take: TakeRecord<K, V, S>;
}

/**
 * Calls `take` for every record with the state of its key: the records of a partition of the state in order, some at a time. A table that is
 * told several keys reads what it knows of them all at once, and does not wait for the memory each time.
 *
 * What fails is told the record that it failed on, although others have been read since.
 */
export async function takeRecords<K, V, S>(
  rdd: RddNode<Pair<K, V>>,
  { tables, partitioner, operator, take }: RecordTaking<K, V, S>,
): Promise<void> {
  const runs = tables.map((table, partition) => new RecordRun<K, V, S>(table, partition, take));
  let input = 0;
  let element = 0;
  let failed: { readonly error: unknown; readonly element: number } | undefined;
  const work = (run: RecordRun<K, V, S>): void => {
    try {
      run.work();
    } catch (error) {
      failed = { error, element: run.element };
      // Not an error: nobody on its way takes it for one of the record that was read last.
      throw stopped;
    }
  };
  try {
    await runEach(rdd, (partition) => {
      runs.forEach(work);
      input = partition;
      element = 0;
      return (pair) => {
        assertPair(operator, pair);
        const run = runs[outputOf(partitioner, pair[0], operator)] as RecordRun<K, V, S>;
        run.add(pair[0], pair[1], element);
        element += 1;
        if (run.isFull) work(run);
      };
    });
    runs.forEach(work);
  } catch (thrown) {
    if (failed === undefined) throw thrown;
    throw await placed(rdd, input, failed.element, failed.error);
  }
}

const stopped = Symbol('stopped');

/** Records of one partition of the state that wait to be worked on. */
class RecordRun<K, V, S> implements KeyRun<K, S> {
  readonly keys: K[] = [];
  at = 0;
  readonly #values: V[] = [];
  /** Their numbers in the input partition. */
  readonly #elements: number[] = [];
  readonly #table: StateTable<K, S>;
  readonly #partition: number;
  readonly #take: TakeRecord<K, V, S>;

  constructor(table: StateTable<K, S>, partition: number, take: TakeRecord<K, V, S>) {
    this.#table = table;
    this.#partition = partition;
    this.#take = take;
  }

  get isFull(): boolean {
    return this.keys.length >= recordsAtOnce;
  }

  /** The number of the record that is being worked on. */
  get element(): number {
    return this.#elements[this.at] ?? 0;
  }

  add(key: K, value: V, element: number): void {
    this.keys.push(key);
    this.#values.push(value);
    this.#elements.push(element);
  }

  work(): void {
    if (this.keys.length === 0) return;
    this.#table.reviseEach(this);
    this.keys.length = 0;
    this.#values.length = 0;
    this.#elements.length = 0;
  }

  next(state: S | undefined): S | null | undefined | typeof unchanged {
    return this.#take(this.#partition, this.keys[this.at] as K, this.#values[this.at] as V, state);
  }
}
