import { raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import { RddNode } from '../../rdd/rdd-node.ts';
import type { ReceivedBlocks } from './received-blocks.ts';

/** The blocks of one batch, each a partition. Blocks of an earlier process that no log held are empty, which was told when it began. */
export class ReceivedRdd<T> extends RddNode<T> {
  readonly kind = 'received';
  readonly parents = [];
  readonly #input: OperatorId;
  readonly #blocks: ReceivedBlocks<T>;
  readonly #from: number;
  readonly #until: number;
  readonly #isLogged: boolean;

  constructor(
    input: OperatorId,
    blocks: ReceivedBlocks<T>,
    range: { readonly from: number; readonly until: number; readonly isLogged: boolean },
  ) {
    super();
    this.#input = input;
    this.#blocks = blocks;
    this.#from = range.from;
    this.#until = range.until;
    this.#isLogged = range.isLogged;
  }

  get partitions(): number {
    return this.#until - this.#from;
  }

  compute(partition: number, emit: Emit<T>): void {
    const number = this.#from + partition;
    const values = this.#blocks.values(number);
    if (values === undefined && this.#isLogged) {
      raise('SOURCE_BLOCK_GONE', { block: number, input: this.#input }, { where: { operator: this.#input } });
    }
    for (const value of values ?? []) emit(value);
  }
}
