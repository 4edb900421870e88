import { type FileSystem } from '../../io/host.ts';
import { collectPartition } from '../../rdd/evaluate.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { elementText } from '../../rdd/element-text.ts';
import type { OutputContext } from '../output-operation.ts';

/** The folder of one batch: `prefix-<batch time>[.suffix]`. */
export function batchFolder(prefix: string, suffix: string | undefined, time: number): string {
  return `${prefix}-${time}${suffix === undefined || suffix === '' ? '' : `.${suffix}`}`;
}

/**
 * Writes a folder with one file for each partition and `_SUCCESS`; all of it becomes visible at once. When the batch runs again, a folder
 * that is there was written by an earlier attempt with the same records, and stays.
 */
export async function saveBatchAsText(
  rdd: RddNode<unknown>,
  folder: string,
  files: Pick<FileSystem, 'exists' | 'writeFolder'>,
  context: OutputContext,
): Promise<void> {
  if (context.attempt > 0 && (await files.exists(folder))) return;
  await files.writeFolder(folder, partFiles(rdd));
}

async function* partFiles(rdd: RddNode<unknown>): AsyncGenerator<readonly [string, Iterable<string>]> {
  for (let partition = 0; partition < rdd.partitions; partition++) {
    const lines = (await collectPartition(rdd, partition)).map(elementText);
    yield [`part-${String(partition).padStart(5, '0')}`, lines];
  }
  yield ['_SUCCESS', []];
}
