import { type FileSystem } from '../../io/host.ts';
import { partFiles } from '../../rdd/actions/save-as-text-file.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { elementText } from '../../rdd/element-text.ts';
import type { OutputContext } from '../output-operation.ts';

/** The folder of one batch: `prefix-<batch time>[.suffix]`. */
export function batchFolder(prefix: string, suffix: string | undefined, time: number): string {
  return `${prefix}-${time}${suffix === undefined || suffix === '' ? '' : `.${suffix}`}`;
}

/**
 * Writes a folder with one file for each partition and `_SUCCESS`; all of it becomes visible at once. When the batch runs again, a folder
 * that is there was written by an earlier attempt with the same records, and stays. `lineOf` says how an element is written.
 */
export async function saveBatchAsText(
  rdd: RddNode<unknown>,
  folder: string,
  files: Pick<FileSystem, 'exists' | 'writeFolder'>,
  context: OutputContext,
  lineOf: (value: unknown) => string = elementText,
): Promise<void> {
  if (context.attempt > 0 && (await files.exists(folder))) return;
  await files.writeFolder(folder, partFiles(rdd, lineOf));
}
