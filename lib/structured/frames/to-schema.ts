import { raise } from '../../kernel/errors.ts';
import type { DataFrame } from '../data-frame.ts';
import type { Expression } from '../expressions/expression.ts';
import { canCast } from '../types/cast.ts';
import type { StructType } from '../types/data-type.ts';
import { sqlTypeText } from '../types/type-text.ts';

/** The columns of a schema by name, in its order and with its types: what is missing is null, what it does not name is left out. */
export function columnsOfSchema(frame: DataFrame, schema: StructType): readonly Expression[] {
  return schema.fields.map(({ name, type, nullable }): Expression => {
    const field = frame.schema.fields.find((known) => known.name.toLowerCase() === name.toLowerCase());
    if (field === undefined) {
      if (!nullable)
        raise('UNRESOLVED_COLUMN.WITH_SUGGESTION', { objectName: `\`${name}\``, proposal: frame.columns.join(', ') });
      return alias({ kind: 'literal', value: null, type }, name);
    }
    if (!canCast(field.type, type, 'ansi')) {
      raise('INVALID_COLUMN_OR_FIELD_DATA_TYPE', {
        name: `\`${name}\``,
        type: sqlTypeText(field.type),
        expectedType: sqlTypeText(type),
      });
    }
    return alias({ kind: 'cast', child: { kind: 'name', parts: [field.name] }, type, mode: 'cast' }, name);
  });
}

function alias(child: Expression, name: string): Expression {
  return { kind: 'alias', child, names: [name] };
}
