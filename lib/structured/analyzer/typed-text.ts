import type { Expression } from '../expressions/expression.ts';
import { prettyText } from '../expressions/sql-text.ts';
import type { Attribute, SortOrder, TypedExpression } from '../expressions/typed-expression.ts';

type NameOf = (attribute: Attribute) => string;

const plainName: NameOf = (attribute) => attribute.name;

/** A resolved expression in Spark's words, for errors and plans. `nameOf` gives the text of a column, `name#id` in plans. */
export function typedText(e: TypedExpression, nameOf: NameOf = plainName): string {
  return prettyText(written(e, nameOf));
}

export function orderText(order: SortOrder, nameOf: NameOf = plainName): string {
  return `${typedText(order.child, nameOf)} ${order.ascending ? 'ASC' : 'DESC'} NULLS ${order.nullsFirst ? 'FIRST' : 'LAST'}`;
}

/** A resolved expression as it might have been written. */
function written(e: TypedExpression, nameOf: NameOf): Expression {
  const back = (child: TypedExpression): Expression => written(child, nameOf);
  switch (e.kind) {
    case 'literal':
      return { kind: 'literal', value: e.value, type: e.type };
    case 'attribute':
      return { kind: 'name', parts: [nameOf(e)] };
    case 'variable':
      return { kind: 'name', parts: [e.name] };
    case 'call':
      return { kind: 'call', name: e.function.name, args: e.args.map(back) };
    case 'udf':
      return { ...e, kind: 'udf', returns: e.type, args: e.args.map(back) };
    case 'cast':
      return { kind: 'cast', child: back(e.child), type: e.type, mode: e.mode === 'try' ? 'try' : 'cast' };
    case 'case':
      return {
        kind: 'case',
        branches: e.branches.map(([condition, value]) => [back(condition), back(value)] as const),
        ...(e.otherwise.kind === 'literal' && e.otherwise.value === null ? {} : { otherwise: back(e.otherwise) }),
      };
    case 'extract':
      return 'key' in e.access
        ? { kind: 'extract', child: back(e.child), key: back(e.access.key) }
        : { kind: 'name', parts: [typedText(e.child, nameOf), e.access.name] };
    case 'lambda':
      return { kind: 'lambda', parameters: e.parameters.map((parameter) => parameter.name), body: back(e.body) };
    case 'aggregate':
      return {
        kind: 'call',
        name: e.function.name,
        args: e.args.map(back),
        distinct: e.distinct,
        ...(e.filter === undefined ? {} : { filter: back(e.filter) }),
      };
    default:
      return e satisfies never;
  }
}
