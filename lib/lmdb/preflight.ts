import { raise } from '../kernel/errors.ts';
import { DataFile } from './data-file.ts';
import { faultInTrees } from './tree-check.ts';

/**
 * Checks a data file before native code sees it: that code ends the process with a signal on a damaged page or a cut file, and takes
 * an empty file for an empty store. Raises `CHECKPOINT_DAMAGED` with what is wrong.
 *
 * Nobody may write the file meanwhile, unless `isShared`: then what is found in its trees counts only if nothing was committed while
 * they were walked.
 */
export function checkDataFile(path: string, isShared = false): void {
  const file = new DataFile(path);
  try {
    const meta = file.meta();
    if (typeof meta === 'string') raise('CHECKPOINT_DAMAGED', { file: path, what: meta });
    const what = faultInTrees(file, meta);
    if (what === undefined) return;
    if (isShared) {
      const now = file.meta();
      if (typeof now !== 'string' && now.transaction !== meta.transaction) return;
    }
    raise('CHECKPOINT_DAMAGED', { file: path, what });
  } finally {
    file.close();
  }
}
