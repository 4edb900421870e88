import type { ColumnarBlock } from '../../../io/columnar-block.ts';
import { type ErrorWhere, located } from '../../../kernel/errors.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import type { Stage, StageStep } from './stage.ts';

/** What a stage was computing: for errors. */
export interface StagePlace {
  readonly operator: string;
  readonly column?: string;
}

/** A column that a step computes. */
export function placeOf(step: StageStep, column: Attribute | undefined): StagePlace {
  return { operator: step.kind, ...(column === undefined ? {} : { column: column.name }) };
}

/** The error of an expression, told what it was to compute. Anything but a coded error passes as it is. */
export function failedIn(error: unknown, place: StagePlace | undefined): unknown {
  return place === undefined ? error : (located(error, { ...place }) ?? error);
}

/** The error of a row of a block, told the stage and where the row came from. Anything but a coded error passes as it is. */
export function failedAt(error: unknown, stage: Stage, block: ColumnarBlock, row: number): unknown {
  return located(error, { operator: stage.name, ...(block.whereOf(row) as ErrorWhere) }) ?? error;
}
