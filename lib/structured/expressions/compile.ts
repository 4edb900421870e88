import type { InternalRow, InternalValue } from '../types/data-type.ts';
import { CodeScope } from './code-scope.ts';
import type { EvaluationSite } from './evaluation-site.ts';
import { generateExpression } from './generate.ts';
import { type Evaluate, interpretExpression } from './interpret.ts';
import type { Attribute, TypedExpression } from './typed-expression.ts';
import { childrenOf } from './typed-tree.ts';

/**
 * A function from a row, laid out as `input`, to the value of an expression: generated JavaScript, or closures where that is not
 * allowed. Called once for each row; it keeps no row.
 */
export function compileExpression(
  expression: TypedExpression,
  input: readonly Attribute[],
  site: EvaluationSite,
): Evaluate {
  if (expression.kind === 'literal') {
    const { value } = expression;
    return () => value;
  }
  return (
    (site.mayGenerate ? generated(expression, input, site) : undefined) ?? interpretExpression(expression, input, site)
  );
}

function generated(
  expression: TypedExpression,
  input: readonly Attribute[],
  site: EvaluationSite,
): Evaluate | undefined {
  const used = new Set<number>();
  collectAttributes(expression, used);
  const attributes = new Map<number, string>();
  const reads: string[] = [];
  input.forEach(({ id }, index) => {
    if (!used.has(id)) return;
    attributes.set(id, `a${index}`);
    reads.push(`const a${index} = row[${index}];`);
  });
  const scope = new CodeScope(site, attributes);
  const { statements, value } = generateExpression(expression, scope);
  const made = scope.build(['row'], `${reads.join(' ')}\n${statements}\nreturn ${value};`);
  return made as ((row: InternalRow) => InternalValue) | undefined;
}

/** The ids of the attributes in an expression. */
function collectAttributes(expression: TypedExpression, into: Set<number>): void {
  if (expression.kind === 'attribute') into.add(expression.id);
  for (const child of childrenOf(expression)) collectAttributes(child, into);
}
