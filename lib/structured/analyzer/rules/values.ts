import { raise } from '../../../kernel/errors.ts';
import type { Attribute, TypedExpression } from '../../expressions/typed-expression.ts';
import { commonWiderType } from '../../types/coercion.ts';
import type { InternalRow, InternalValue } from '../../types/data-type.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { collectingProblems } from '../analysis-error.ts';
import { castTo } from '../cast-to.ts';
import { constantValue } from '../constant-value.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { resolveExpression } from '../resolve-expression.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import type { Scope } from '../scope.ts';
import { typedText } from '../typed-text.ts';

/** `VALUES`: rows of constants, each column of the type that its values have in common. */
export function resolveValues({ rows }: NodeOf<'values'>, context: NodeContext): ResolvedPlan {
  const scope = context.scope();
  const [first = []] = rows;
  rows.forEach((row, i) => {
    if (row.length === first.length) return;
    raise('INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH', {
      expectedNumCols: first.length,
      actualNumCols: row.length,
      rowIndex: i + 1,
    });
  });
  const typed = collectingProblems(rows.map((row) => () => row.map((e) => resolveExpression(e, scope))));
  const columns = first.map((_, i) => typed.map((row) => row[i] as TypedExpression));
  const cast = columns.map((column, i) => sameTypes(column, `col${i + 1}`, scope));
  const values = cast.map((column) => column.map((e) => valueOf(e, scope)));
  return {
    kind: 'local',
    rows: rows.map((_, i): InternalRow => values.map((column) => column[i] as InternalValue)),
    output: cast.map((column, i): Attribute => ({
      kind: 'attribute',
      id: context.session.nextId(),
      name: `col${i + 1}`,
      type: column[0]?.type ?? { kind: 'void' },
      nullable: column.some((e) => e.nullable),
      qualifier: [],
    })),
    isStreaming: false,
  };
}

function sameTypes(column: readonly TypedExpression[], colName: string, { site }: Scope): readonly TypedExpression[] {
  const types = column.map(({ type }) => type);
  const type = commonWiderType(types, site);
  if (type === undefined) {
    const texts = [...new Set(types.map(sqlTypeText))].join(', ');
    return raise('INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE', {
      colName: `\`${colName}\``,
      types: texts,
    });
  }
  return column.map((e) => castTo(e, type, site));
}

function valueOf(e: TypedExpression, { site }: Scope): InternalValue {
  const value = constantValue(e, site);
  if (value !== undefined) return value;
  if (e.kind === 'cast' && constantValue(e.child, site) !== undefined) {
    const types = `${sqlTypeText(e.child.type)}, ${sqlTypeText(e.type)}`;
    raise('INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE', { colName: typedText(e.child), types });
  }
  return raise('INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE', { expr: typedText(e) });
}
