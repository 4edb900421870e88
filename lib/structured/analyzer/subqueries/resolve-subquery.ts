import { raise } from '../../../kernel/errors.ts';
import type { Expression } from '../../expressions/expression.ts';
import type { Attribute, TypedExpression } from '../../expressions/typed-expression.ts';
import { comparisonType } from '../../types/coercion.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { collectingProblems } from '../analysis-error.ts';
import { castTo } from '../cast-to.ts';
import { placed } from '../placed.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Scope, SubqueryLift } from '../scope.ts';

export type Subquery = Extract<Expression, { kind: 'subquery' }>;
type Resolve = (e: Expression, scope: Scope) => TypedExpression;

/**
 * A subquery becomes a column that a join below computes: its value, or whether there is a match. `isNegated`: the column is true
 * where a value may be among the rows, so that its negation is what `NOT IN` means with nulls.
 */
export function resolveSubquery(e: Subquery, scope: Scope, resolve: Resolve, isNegated = false): Attribute {
  return placed(e.position, () => {
    const plan = scope.analyzeIn(e.plan, scope);
    refuseStream(plan);
    const values = collectingProblems(e.values.map((value) => () => resolve(value, scope)));
    if (e.form === 'scalar' && plan.output.length !== 1) {
      raise('INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN', {
        number: plan.output.length,
      });
    }
    const form = e.form === 'in' && isNegated ? 'notIn' : e.form;
    const lift: SubqueryLift = {
      kind: 'subquery',
      form,
      plan,
      pairs: e.form === 'in' ? pairsOf(values, plan, scope) : [],
      nextId: () => scope.session.nextId(),
      attribute: {
        kind: 'attribute',
        id: scope.session.nextId(),
        name: nameOfForm[form],
        type: form === 'scalar' ? (plan.output[0]?.type ?? { kind: 'void' }) : { kind: 'boolean' },
        nullable: form === 'scalar',
        qualifier: [],
      },
    };
    scope.lifts.push(lift);
    return lift.attribute;
  });
}

const nameOfForm = { scalar: 'scalarsubquery()', exists: 'exists()', in: 'listquery()', notIn: 'listquery()' } as const;

/** A stream has no end at which its rows would be known. */
function refuseStream(plan: ResolvedPlan): void {
  if (plan.isStreaming) raise('INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY', {});
}

/** The values with the columns that they are compared with, each pair cast to what they have in common. */
function pairsOf(values: readonly TypedExpression[], plan: ResolvedPlan, { site }: Scope): SubqueryLift['pairs'] {
  if (values.length !== plan.output.length) {
    raise('DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH', {
      leftLength: values.length,
      rightLength: plan.output.length,
    });
  }
  return values.map((value, i) => {
    const column = plan.output[i] as Attribute;
    const type = comparisonType(value.type, column.type, site);
    if (type === undefined) {
      return raise('DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH', {
        left: sqlTypeText(value.type),
        right: sqlTypeText(column.type),
      });
    }
    return [castTo(value, type, site), castTo(column, type, site)] as const;
  });
}
