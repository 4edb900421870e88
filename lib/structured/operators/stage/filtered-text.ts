import type { Attribute, TypedExpression } from '../../expressions/typed-expression.ts';
import { referencesOf } from '../../expressions/typed-tree.ts';
import { fieldOfColumn } from './field-use.ts';
import type { StageStep } from './stage.ts';

/** A field of a struct, and the only text with which a row may go on. */
export interface FilteredText {
  readonly field: number;
  readonly text: string;
}

const ascii = /^[\0-\x7f]*$/u;

/**
 * The test `struct.field = 'text'` that a row meets first when a step has defined the struct; undefined where another step, another
 * column or another test may see the row before. Rows with another text may stay undefined then: nothing behind such a test is computed
 * for them. For those where the field is null the rest of the condition is.
 */
export function filteredText(steps: readonly StageStep[], index: number, struct: Attribute): FilteredText | undefined {
  const defining = steps[index];
  if (defining?.kind !== 'project' && defining?.kind !== 'define') return undefined;
  if (defining.columns.some(({ expression }) => referencesOf(expression).has(struct.id))) return undefined;
  const next = steps.slice(index + 1).find(({ kind }) => kind !== 'count');
  if (next?.kind !== 'filter') return undefined;
  const test = firstTest(next.condition);
  if (test.kind !== 'call' || test.function.name !== '=') return undefined;
  const [left, right] = test.args;
  return left && right && (equals(left, right, struct) ?? equals(right, left, struct));
}

/** What `a AND b AND c` computes first: when it is false, nothing else is. */
function firstTest(condition: TypedExpression): TypedExpression {
  const first = condition.kind === 'call' && condition.function.name === 'and' ? condition.args[0] : undefined;
  return first === undefined ? condition : firstTest(first);
}

function equals(value: TypedExpression, literal: TypedExpression, struct: Attribute): FilteredText | undefined {
  const found = fieldOfColumn(value);
  if (found?.column.id !== struct.id || value.type.kind !== 'string' || literal.kind !== 'literal') return undefined;
  const { value: text } = literal;
  return typeof text === 'string' && ascii.test(text) ? { field: found.index, text } : undefined;
}
