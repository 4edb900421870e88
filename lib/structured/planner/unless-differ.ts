import type { TypedExpression } from '../expressions/typed-expression.ts';
import type { JoinPlan } from '../operators/stream-join.ts';
import { builtCall } from '../analyzer/built-call.ts';

/** The pairs of a `NOT IN` as conditions: equal, or one of them null. */
export function unlessDiffer(pairs: JoinPlan['nullAware'] = []): readonly TypedExpression[] {
  return pairs.map(([left, right]) => {
    const equal = builtCall('=', [left, right]);
    if (!left.nullable && !right.nullable) return equal;
    return builtCall('coalesce', [equal, { kind: 'literal', value: true, type: { kind: 'boolean' }, nullable: false }]);
  });
}
