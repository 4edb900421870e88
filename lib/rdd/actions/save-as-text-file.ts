import { host } from '../../io/host.ts';
import { elementText } from '../element-text.ts';
import { collectPartition } from '../evaluate.ts';
import type { RddNode } from '../rdd-node.ts';

/**
 * Writes a new folder with one file for each partition (`part-00000`, ...), one line for each element, and an empty `_SUCCESS`. All of it
 * becomes visible at once. A folder that exists is refused.
 */
export async function saveAsTextFile(node: RddNode<unknown>, folder: string): Promise<void> {
  await host().files.writeFolder(folder, partFiles(node, elementText));
}

/** The files of such a folder, each with its lines; a partition is computed when its file is asked for. */
export async function* partFiles(
  node: RddNode<unknown>,
  lineOf: (value: unknown) => string,
): AsyncGenerator<readonly [string, Iterable<string>]> {
  for (let partition = 0; partition < node.partitions; partition++) {
    const values = await collectPartition(node, partition);
    yield [`part-${String(partition).padStart(5, '0')}`, linesOf(values, lineOf)];
  }
  yield ['_SUCCESS', []];
}

function* linesOf(values: readonly unknown[], lineOf: (value: unknown) => string): Generator<string> {
  for (const value of values) yield lineOf(value);
}
