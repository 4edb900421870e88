import { host } from '../../io/host.ts';
import { objectLine } from '../object-line.ts';
import type { RddNode } from '../rdd-node.ts';
import { partFiles } from './save-as-text-file.ts';

/**
 * As `saveAsTextFile`, with elements that come back as they were (`objectFile`): any value that state can hold, one a line in a binary form
 * that is written as text.
 */
export async function saveAsObjectFile(node: RddNode<unknown>, folder: string): Promise<void> {
  await host().files.writeFolder(folder, partFiles(node, objectLine));
}
