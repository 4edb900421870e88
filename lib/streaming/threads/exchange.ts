import { getOrAdd } from '../../kernel/get-or-add.ts';
import type { Time } from '../../kernel/time.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import type { ApartPartitions } from '../../rdd/apart-node.ts';
import { pushTurns } from '../../rdd/evaluate.ts';
import type { KeyColumns } from '../../rdd/key-columns.ts';
import { type ElementElsewhere, RddNode } from '../../rdd/rdd-node.ts';
import type { Stage } from './messages.ts';

/** Pairs by column; of those that were read one by one also their numbers in the input partition. */
export interface Columns extends KeyColumns<unknown, unknown> {
  readonly numbers?: Int32Array;
}

/** What is at one place of the exchange, or who waits for it. */
interface Cell {
  readonly columns: Promise<Columns>;
  put(columns: Columns): void;
  fail(error: unknown): void;
}

/** What there is of a stage, by time and input partition. */
interface StageCells {
  readonly operator: string;
  readonly times: Map<Time, Map<number, Cell>>;
}

/**
 * Where a thread finds the pairs that other threads, and it itself, have read for the partitions of its states: by stage, time and input
 * partition. Who comes before they do waits.
 */
export class Exchange {
  readonly #stages = new Map<string, StageCells>();

  put(stage: Stage, partition: number, columns: Columns): void {
    this.#cell(stage, partition).put(columns);
  }

  /** Nothing will come: who waits is told why. */
  fail(stage: Stage, partition: number, error: unknown): void {
    this.#cell(stage, partition).fail(error);
  }

  /** Of a stage: what there is for this thread of each input partition. */
  of(stage: Stage): ApartPartitions<Columns> {
    return { get: async (partition) => await this.#cell(stage, partition).columns };
  }

  /** Forgets what is there for times that nobody holds any more. */
  forget(isHeld: (operator: string, time: Time) => boolean): void {
    for (const { operator, times } of this.#stages.values()) {
      for (const time of times.keys()) if (!isHeld(operator, time)) times.delete(time);
    }
  }

  #cell({ operator, path, side, time }: Stage, partition: number): Cell {
    const key = JSON.stringify([operator, path, side]);
    const { times } = getOrAdd(this.#stages, key, (): StageCells => ({ operator, times: new Map() }));
    const partitions = getOrAdd(times, time, () => new Map<number, Cell>());
    return getOrAdd(partitions, partition, newCell);
  }
}

function newCell(): Cell {
  const settles: Pick<Cell, 'put' | 'fail'>[] = [];
  const columns = new Promise<Columns>((put, fail) => {
    settles.push({ put, fail });
  });
  // Perhaps nobody waits.
  columns.catch(() => undefined);
  return { columns, put: (given) => settles[0]?.put(given), fail: (error) => settles[0]?.fail(error) };
}

/** The pairs of a stream that belong to the partitions of this thread, in the order of the stream. */
export class ExchangedNode<T> extends RddNode<T> {
  readonly kind = 'exchange';
  readonly partitions: number;
  readonly parents = [];
  readonly #stage: Stage;
  readonly #columns: ApartPartitions<Columns>;
  /** By partition: the numbers of the pairs where they were read. */
  readonly #numbers: (Int32Array | undefined)[] = [];

  constructor(partitions: number, stage: Stage, exchange: Exchange) {
    super();
    this.partitions = partitions;
    this.#stage = stage;
    this.#columns = exchange.of(stage);
  }

  override elsewhere(partition: number, index: number): ElementElsewhere | undefined {
    const element = this.#numbers[partition]?.[index];
    if (element === undefined) return undefined;
    const { operator, time, path } = this.#stage;
    return { operator, time, path, partition, element };
  }

  async compute(partition: number, emit: Emit<T>): Promise<void> {
    const columns = await this.#columns.get(partition);
    if (columns === undefined) return;
    const { keys, values, numbers } = columns;
    this.#numbers[partition] = numbers;
    await pushTurns(values.length, (i) => {
      emit([keys[i], values[i]] as T);
    });
  }
}
