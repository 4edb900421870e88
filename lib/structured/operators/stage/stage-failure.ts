import type { ColumnarBlock } from '../../../io/columnar-block.ts';
import { type ErrorWhere, located } from '../../../kernel/errors.ts';
import type { Stage } from './stage.ts';

/** The error of a row of a block, told the stage and where the row came from. Anything but a coded error passes as it is. */
export function failedAt(error: unknown, stage: Stage, block: ColumnarBlock, row: number): unknown {
  return located(error, { operator: stage.name, ...(block.whereOf(row) as ErrorWhere) }) ?? error;
}
