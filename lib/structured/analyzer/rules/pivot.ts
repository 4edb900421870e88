import { raise } from '../../../kernel/errors.ts';
import type { NamedExpression, TypedExpression } from '../../expressions/typed-expression.ts';
import { findFunction } from '../../functions/registry.ts';
import { castTo } from '../cast-to.ts';
import { newAttribute } from '../resolve-expression.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { projectOver, type SelectItem } from '../select-items.ts';
import { type Aggregation, aggregateOf } from '../aggregation.ts';

/**
 * `pivot(column, values)`: first an aggregation by the keys and the pivot column, then one by the keys that gives each value a column.
 * A group without rows of a value is null there, counts too. Two aggregations: a stream refuses it, as Spark does.
 */
export function pivoted(
  { input, keys, items, scope }: Aggregation,
  column: SelectItem,
  values: readonly SelectItem[] | undefined,
): ResolvedPlan {
  if (values === undefined) return raise('QUERY_PIVOT_VALUES', { column: column.names[0] ?? '' });
  const first = aggregateOf({ input, keys: [...keys, column], items: [...keys, column, ...items], scope });
  const width = keys.length;
  const pivot = first.output[width] as TypedExpression;
  const same = findFunction('<=>');
  const firstOf = findFunction('first');
  if (same === undefined || firstOf === undefined)
    return raise('INTERNAL_INVARIANT', { what: 'pivot without its functions' });
  const aggregates = values.flatMap((value) =>
    items.map((item, i): NamedExpression => {
      const source = first.output[width + 1 + i] as TypedExpression;
      const filter: TypedExpression = {
        kind: 'call',
        function: same,
        args: [pivot, castTo(value.expression, pivot.type, scope.site)],
        type: { kind: 'boolean' },
        nullable: false,
      };
      const signature = firstOf.resolve([source], scope.site);
      const expression: TypedExpression = {
        kind: 'aggregate',
        function: firstOf,
        args: [source],
        distinct: false,
        filter,
        type: signature.type,
        nullable: true,
      };
      const label = value.names[0] ?? '';
      const name = items.length === 1 ? label : `${label}_${item.names[0] ?? ''}`;
      return { expression, attribute: newAttribute(name, expression, () => scope.session.nextId()) };
    }),
  );
  const keyAttributes = first.output.slice(0, width);
  const output = [...keyAttributes, ...aggregates.map(({ attribute }) => attribute)];
  const second: ResolvedPlan = {
    kind: 'aggregate',
    child: first,
    keys: keyAttributes,
    aggregates,
    output,
    isStreaming: first.isStreaming,
  };
  return projectOver(
    second,
    output.map((attribute) => ({ expression: attribute, attribute })),
  );
}
