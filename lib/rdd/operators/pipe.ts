import { host } from '../../io/host.ts';
import { raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import { refuse } from '../arguments.ts';
import { elementText } from '../element-text.ts';
import { collectPartition } from '../evaluate.ts';
import { functionFailed } from '../function-failure.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * The lines that a program writes, which is given the elements of a partition as lines: one process for each partition, empty ones too. A
 * program that ends with another status than 0 fails the partition.
 */
export class PipeNode<T> extends RddNode<string> {
  readonly kind = 'pipe';
  readonly partitions: number;
  readonly parents: readonly [RddNode<T>];
  readonly #command: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #operator: string;

  constructor(
    parent: RddNode<T>,
    command: string | readonly string[],
    env: Readonly<Record<string, string>>,
    operator = 'pipe',
  ) {
    super();
    this.partitions = parent.partitions;
    this.parents = [parent];
    this.#command = wordsOf(command, operator);
    this.#env = env;
    this.#operator = operator;
  }

  async compute(partition: number, emit: Emit<string>): Promise<void> {
    const { pipe } = host();
    if (pipe === undefined) {
      raise('NOT_YET', { feature: 'pipe on this host', instead: 'It starts programs, which only Node can do.' });
    }
    const values = await collectPartition(this.parents[0], partition);
    const lines = pipe(this.#command, linesOf(values), this.#env)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const line = await this.#next(lines);
        if (line === undefined) return;
        emit(line);
      }
    } finally {
      // A later step may have failed: the program is not left running.
      await lines.return?.();
    }
  }

  async #next(lines: AsyncIterator<string>): Promise<string | undefined> {
    try {
      const { done, value } = await lines.next();
      return done === true ? undefined : value;
    } catch (error) {
      throw functionFailed(this.#operator, error);
    }
  }
}

function* linesOf(values: readonly unknown[]): Generator<string> {
  for (const value of values) yield elementText(value);
}

/** A text is cut at blanks, as in Spark; a list is taken as it is, for words that hold blanks themselves. */
function wordsOf(command: unknown, operator: string): readonly string[] {
  const words: unknown = typeof command === 'string' ? command.split(/\s+/u).filter((word) => word !== '') : command;
  const isCommand = Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string');
  return isCommand ? words : refuse(operator, 'command', command, 'a command, or a list of its words');
}
