import { raise } from '../../../kernel/errors.ts';
import type { Attribute, NamedExpression, TypedExpression } from '../../expressions/typed-expression.ts';
import type { CallSite } from '../../functions/define-function.ts';
import type { DataType } from '../../types/data-type.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { collectingProblems } from '../analysis-error.ts';
import { siteOf } from '../analysis-session.ts';
import { castTo, isSameType } from '../cast-to.ts';
import { widerType } from '../../types/coercion.ts';
import type { Analyzed, NodeContext, NodeOf } from '../node-context.ts';
import { columnsNamed } from '../resolve-name.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { passedOn, projectOver } from '../select-items.ts';
import { suggestions } from '../suggestions.ts';

/** `union` by position and `unionByName`. The columns are named as on the left; the event time is that of the left. */
export function resolveUnion(node: NodeOf<'union'>, context: NodeContext): Analyzed {
  const left = context.input(node.left);
  const right = context.input(node.right);
  const [a, b] = node.byName ? byName(node, left, right, context) : [left, right];
  const children = widened(a, b, 'UNION', siteOf(context.session), context);
  const [first, second] = children;
  const output = first.output.map((attribute, i): Attribute => ({
    ...attribute,
    id: context.session.nextId(),
    nullable: attribute.nullable || (second.output[i]?.nullable ?? true),
    qualifier: [],
  }));
  return {
    plan: { kind: 'union', children, output, isStreaming: first.isStreaming || second.isStreaming },
    ids: [new Map(left.output.map((attribute, i) => [attribute.id, output[i]?.id ?? attribute.id]))],
  };
}

/** `except`, `exceptAll`, `intersect`, `intersectAll`. */
export function resolveSetOperation(node: NodeOf<'setOperation'>, context: NodeContext): Analyzed {
  const name = node.operation === 'except' ? 'EXCEPT' : 'INTERSECT';
  const original = context.input(node.left);
  const [left, right] = widened(original, context.input(node.right), name, siteOf(context.session), context);
  for (const { name, type } of left.output) {
    if (type.kind === 'map') raise('UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE', { colName: `\`${name}\`` });
  }
  return {
    plan: {
      kind: 'setOperation',
      left,
      right,
      operation: node.operation,
      isAll: node.isAll,
      output: left.output,
      isStreaming: left.isStreaming || right.isStreaming,
    },
    ids: [new Map(original.output.map((attribute, i) => [attribute.id, left.output[i]?.id ?? attribute.id]))],
  };
}

/** Both sides with the same number of columns, cast to the types they have in common. */
function widened(
  left: ResolvedPlan,
  right: ResolvedPlan,
  operator: string,
  site: CallSite,
  context: NodeContext,
): readonly [ResolvedPlan, ResolvedPlan] {
  if (left.output.length !== right.output.length) {
    raise('NUM_COLUMNS_MISMATCH', {
      operator,
      firstNumColumns: left.output.length,
      invalidNumColumns: right.output.length,
    });
  }
  const types = collectingProblems(
    left.output.map((attribute, i) => (): DataType => {
      const other = right.output[i] as Attribute;
      return (
        widerType(attribute.type, other.type, site) ??
        raise('INCOMPATIBLE_COLUMN_TYPE', {
          operator,
          column: attribute.name,
          dataType1: sqlTypeText(attribute.type),
          dataType2: sqlTypeText(other.type),
        })
      );
    }),
  );
  return [castColumns(left, types, site, context), castColumns(right, types, site, context)];
}

function castColumns(
  plan: ResolvedPlan,
  types: readonly DataType[],
  site: CallSite,
  context: NodeContext,
): ResolvedPlan {
  if (plan.output.every((attribute, i) => isSameType(attribute.type, types[i] as DataType))) return plan;
  return projectOver(
    plan,
    plan.output.map((attribute, i): NamedExpression => {
      const expression = castTo(attribute, types[i] as DataType, site);
      if (expression === attribute) return { expression, attribute };
      const { type, nullable } = expression;
      return { expression, attribute: { ...attribute, id: context.session.nextId(), type, nullable } };
    }),
  );
}

/** The right side in the order of the left; columns of one side only are null on the other, when that is allowed. */
function byName(
  node: NodeOf<'union'>,
  left: ResolvedPlan,
  right: ResolvedPlan,
  context: NodeContext,
): readonly [ResolvedPlan, ResolvedPlan] {
  const scope = { session: context.session };
  const missing = (attribute: Attribute): NamedExpression => {
    const expression: TypedExpression = { kind: 'literal', value: null, type: attribute.type, nullable: true };
    const { watermarkDelayMs: _, ...unmarked } = attribute;
    return { expression, attribute: { ...unmarked, id: context.session.nextId(), nullable: true } };
  };
  const names = right.output.map((attribute) => attribute.name);
  const matched = collectingProblems(
    left.output.map((attribute) => (): NamedExpression => {
      const [found] = columnsNamed(attribute.name, right.output, scope);
      if (found !== undefined) return passedOn(found);
      if (node.allowMissingColumns) return missing(attribute);
      return raise('UNRESOLVED_COLUMN.WITH_SUGGESTION', {
        objectName: `\`${attribute.name}\``,
        proposal: suggestions(attribute.name, names),
      });
    }),
  );
  const extra = right.output.filter((attribute) => columnsNamed(attribute.name, left.output, scope).length === 0);
  if (extra.length > 0 && !node.allowMissingColumns) {
    raise('NUM_COLUMNS_MISMATCH', {
      operator: 'UNION',
      firstNumColumns: left.output.length,
      invalidNumColumns: right.output.length,
    });
  }
  return [
    extra.length === 0 ? left : projectOver(left, [...left.output.map(passedOn), ...extra.map(missing)]),
    projectOver(right, [...matched, ...extra.map(passedOn)]),
  ];
}
