import { raise } from '../../kernel/errors.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { compileExpression } from '../expressions/compile.ts';
import type { Attribute, TypedExpression } from '../expressions/typed-expression.ts';
import type { OperatorSetup } from '../operators/physical-operator.ts';
import type { JoinPlan, JoinSide, StreamJoinSpec } from '../operators/stream-join.ts';
import type { InternalRow, InternalValue } from '../types/data-type.ts';
import { compileRow } from './compile-row.ts';
import { joinExpiries } from './input-watermark.ts';
import type { JoinCondition } from './join-condition.ts';

/** What a join of two streams is to do, from its condition: keys, checks of each side, when rows expire. */
export function streamJoinSpec(
  plan: JoinPlan & ResolvedPlan,
  condition: JoinCondition,
  setup: OperatorSetup,
): StreamJoinSpec {
  const how = plan.how === 'cross' ? 'inner' : plan.how;
  if (how === 'leftAnti') return raise('INTERNAL_INVARIANT', { what: 'an anti join of two streams was planned' });
  const expiries = joinExpiries(plan);
  const side = (child: ResolvedPlan, isLeft: boolean): JoinSide => {
    const own = isLeft ? condition.leftOnly : condition.rightOnly;
    const checks = own.map((e) => compileExpression(e, child.output, setup));
    const shiftUs = isLeft ? expiries.leftShiftUs : expiries.rightShiftUs;
    return {
      columns: child.output,
      keyOf: compileRow(
        condition.keys.map((key) => (isLeft ? key.left : key.right)),
        child.output,
        setup,
      ),
      passes: checks.length === 0 ? undefined : (row) => checks.every((check) => check(row) === true),
      expiry: shiftUs === undefined ? undefined : expiryOf(child.output, expiries.key, shiftUs),
    };
  };
  const rest = condition.rest.map((e) => compileExpression(e, [...plan.left.output, ...plan.right.output], setup));
  return {
    how,
    left: side(plan.left, true),
    right: side(plan.right, false),
    keys: condition.keys.map(({ left }, i) => (left.kind === 'attribute' ? left : keyColumn(i, left))),
    nullSafe: condition.keys.map((key) => key.nullSafe),
    condition: rest.length === 0 ? undefined : (row) => rest.every((check) => check(row) === true),
  };
}

function expiryOf(columns: readonly Attribute[], key: number | undefined, shiftUs: number): JoinSide['expiry'] {
  if (key !== undefined) {
    const timeOfKey = (_: InternalRow, values: InternalRow) => timeOf(values[key] as InternalValue);
    return { shiftUs, timeOf: timeOfKey, stored: { of: 'key', at: key, shiftUs } };
  }
  const at = columns.findIndex(({ watermarkDelayMs }) => watermarkDelayMs !== undefined);
  const timeOfRow = (row: InternalRow) => timeOf(row[at] as InternalValue);
  return { shiftUs, timeOf: timeOfRow, stored: { of: 'row', at, shiftUs } };
}

/** A time, or the end of a window. */
function timeOf(value: InternalValue): number | bigint | null {
  return (Array.isArray(value) ? (value[1] as InternalValue) : value) as number | bigint | null;
}

function keyColumn(i: number, { type, nullable }: TypedExpression): Attribute {
  return { kind: 'attribute', id: -1 - i, name: `key${i}`, type, nullable, qualifier: [] };
}
