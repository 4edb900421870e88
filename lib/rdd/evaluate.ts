import { nextTurn, nextTurnIfDue } from '../kernel/turns.ts';
import type { Done, Emit } from '../kernel/evaluation.ts';
import type { RddNode } from './rdd-node.ts';

/** So many elements of a list are pushed before the event loop has its turn: heartbeats and timers stay alive in a long partition. */
const elementsPerTurn = 16_384;

/** Pushes every element of one partition. */
export async function runPartition<T>(node: RddNode<T>, partition: number, emit: Emit<T>): Promise<void> {
  await node.compute(partition, emit);
}

/** The elements of one partition. */
export async function collectPartition<T>(node: RddNode<T>, partition: number): Promise<T[]> {
  const values: T[] = [];
  await node.compute(partition, (value) => {
    values.push(value);
  });
  return values;
}

/** Pushes every element, partition by partition in order. */
export async function runAll<T>(node: RddNode<T>, emit: Emit<T>): Promise<void> {
  await runEach(node, () => emit);
}

/** As `runAll`, with an own `emit` for each partition: `open` is called right before the partition is computed. */
export async function runEach<T>(node: RddNode<T>, open: (partition: number) => Emit<T>): Promise<void> {
  await eachPartition(node, (partition) => node.compute(partition, open(partition)));
}

/** Computes the partitions one after the other; others have their turn in between. */
export async function eachPartition(node: RddNode<unknown>, compute: (partition: number) => Done): Promise<void> {
  for (let partition = 0; partition < node.partitions; partition++) {
    // Waiting for what is done already costs more than many a partition.
    const turn = partition > 0 ? nextTurnIfDue() : undefined;
    if (turn !== undefined) await turn;
    const done = compute(partition);
    if (done !== undefined) await done;
  }
}

/** The elements, one list for each partition. */
export async function collectAll<T>(node: RddNode<T>): Promise<T[][]> {
  const all: T[][] = [];
  await runEach(node, () => {
    const values: T[] = [];
    all.push(values);
    return (value) => {
      values.push(value);
    };
  });
  return all;
}

/** Pushes `values[from]` up to `values[until - 1]`; a short list at once, a long one with pauses for the event loop. */
export function pushSlice<T>(values: readonly T[], from: number, until: number, emit: Emit<T>): Done {
  return pushTurns(until - from, (i) => {
    emit(values[from + i] as T);
  });
}

/** Calls `push` with each number below `count`; of many with pauses for the event loop. */
export function pushTurns(count: number, push: (i: number) => void): Done {
  if (count <= elementsPerTurn) {
    for (let i = 0; i < count; i++) push(i);
    return undefined;
  }
  return pushInTurns(count, push);
}

async function pushInTurns(count: number, push: (i: number) => void): Promise<void> {
  for (let start = 0; start < count; start += elementsPerTurn) {
    pushSome(start, Math.min(count, start + elementsPerTurn), push);
    await nextTurn();
  }
}

function pushSome(from: number, until: number, push: (i: number) => void): void {
  for (let i = from; i < until; i++) push(i);
}
