import { nextTurn } from '../../kernel/turns.ts';
import { raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { RddNode } from '../rdd-node.ts';
import { requirePartitions } from './coalesce.ts';

const numbersPerTurn = 16_384;

/** The numbers from `start` up to, and not including, `end`, by `step`. They are counted, never stored. */
export class RangeNode extends RddNode<number> {
  readonly kind = 'range';
  readonly partitions: number;
  readonly parents = [];
  readonly #start: number;
  readonly #step: number;
  readonly #length: number;

  constructor(start: number, end: number, step: number, partitions: number) {
    super();
    if (!Number.isFinite(start) || !Number.isFinite(end) || !Number.isFinite(step) || step === 0) {
      raise('RDD_ARGUMENT', {
        operator: this.kind,
        name: 'its bounds',
        given: `${start}, ${end}, ${step}`,
        expected: 'finite numbers and a step that is not 0',
      });
    }
    requirePartitions(this.kind, partitions);
    this.partitions = partitions;
    this.#start = start;
    this.#step = step;
    this.#length = Math.max(0, Math.ceil((end - start) / step));
  }

  async compute(partition: number, emit: Emit<number>): Promise<void> {
    const from = Math.floor((partition * this.#length) / this.partitions);
    const until = Math.floor(((partition + 1) * this.#length) / this.partitions);
    for (let i = from; i < until; i++) {
      if ((i - from) % numbersPerTurn === numbersPerTurn - 1) await nextTurn();
      emit(this.#start + i * this.#step);
    }
  }
}
