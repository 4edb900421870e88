import { host } from '../../io/host.ts';
import { located, raise } from '../../kernel/errors.ts';
import type { Emit } from '../../kernel/evaluation.ts';
import type { OperatorId } from '../../kernel/operator-id.ts';
import { RddNode } from '../../rdd/rdd-node.ts';
import type { FileFormat } from './file-format.ts';
import type { SelectedFile } from './file-selection.ts';

/** What is done about a file that does not hold what its plan says. */
export interface FileFaults {
  /** The input, for errors. */
  readonly operator: OperatorId;
  /** False goes on without a file that has gone. */
  readonly failOnDataLoss: boolean;
  warn(code: 'SOURCE_FILE_GONE' | 'SOURCE_FILE_CHANGED', file: string): void;
}

/** The files of one batch, each a partition, read whenever it is evaluated. Errors name the file and the record. */
export class FileRdd<T> extends RddNode<T> {
  readonly kind = 'files';
  readonly parents = [];
  readonly files: readonly SelectedFile[];
  readonly #format: FileFormat<T>;
  readonly #faults: FileFaults;
  readonly #counts = new Map<number, number>();

  constructor(files: readonly SelectedFile[], format: FileFormat<T>, faults: FileFaults) {
    super();
    this.files = files;
    this.#format = format;
    this.#faults = faults;
  }

  get partitions(): number {
    return this.files.length;
  }

  /** Records of the files that were read to their end so far. */
  get records(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  async compute(partition: number, emit: Emit<T>): Promise<void> {
    const file = this.files[partition];
    if (file === undefined || !(await this.#isThere(file))) return;
    let count = 0;
    try {
      for await (const records of this.#format(file.path)) {
        for (const record of records) {
          count += 1;
          emit(record);
        }
      }
    } catch (error) {
      const { operator } = this.#faults;
      throw located(error, { operator, file: count === 0 ? file.path : `${file.path}:${count}` }) ?? error;
    }
    this.#counts.set(partition, count);
  }

  async #isThere({ path, sizeBytes, modifiedMs }: SelectedFile): Promise<boolean> {
    const entry = await host().files.entry(path);
    if (entry === undefined) {
      if (this.#faults.failOnDataLoss) raise('SOURCE_FILE_GONE', { path });
      this.#faults.warn('SOURCE_FILE_GONE', path);
      return false;
    }
    if (entry.sizeBytes !== sizeBytes || Math.floor(entry.modifiedMs) !== modifiedMs) {
      this.#faults.warn('SOURCE_FILE_CHANGED', path);
    }
    return true;
  }
}
