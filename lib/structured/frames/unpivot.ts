import { raise } from '../../kernel/errors.ts';
import type { DataFrame } from '../data-frame.ts';
import { Column, type ColumnOrName } from '../expressions/column.ts';
import type { Expression } from '../expressions/expression.ts';
import { commonWiderType } from '../types/coercion.ts';
import { sqlTypeText } from '../types/type-text.ts';

export interface Unpivot {
  readonly ids: readonly ColumnOrName[];
  /** All columns that are no ids when left out. */
  readonly values: readonly ColumnOrName[] | undefined;
  readonly variableColumnName: string;
  readonly valueColumnName: string;
}

/** Columns become rows: for each row one with the name and the value of each of them, beside the ids. */
export function unpivot(frame: DataFrame, { ids, values, variableColumnName, valueColumnName }: Unpivot): DataFrame {
  const kept = frame.select(...ids).columns;
  const others = frame.columns.filter((name) => !kept.includes(name));
  const turned = values === undefined ? frame.select(...others) : frame.select(...values);
  const { fields } = turned.schema;
  if (fields.length === 0) return raise('UNPIVOT_REQUIRES_VALUE_COLUMNS', {});
  const types = fields.map(({ type }) => type);
  const type =
    commonWiderType(types, { ansi: false }) === undefined ||
    types.some(({ kind }) => (kind === 'string') !== (types[0]?.kind === 'string'))
      ? raise('UNPIVOT_VALUE_DATA_TYPE_MISMATCH', {
          types: fields.map((field) => `${field.name} ${sqlTypeText(field.type)}`).join(', '),
        })
      : (commonWiderType(types, { ansi: true }) ?? { kind: 'void' });
  const pairs = fields.flatMap(({ name }): Expression[] => [
    { kind: 'literal', value: name, type: { kind: 'string' } },
    { kind: 'cast', child: { kind: 'name', parts: [name] }, type, mode: 'cast' },
  ]);
  const rows: Expression = { kind: 'literal', value: fields.length, type: { kind: 'int' } };
  const stack = new Column({
    kind: 'alias',
    child: { kind: 'call', name: 'stack', args: [rows, ...pairs] },
    names: [variableColumnName, valueColumnName],
  });
  return frame.select(...ids, stack);
}
