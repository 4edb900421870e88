import type { DescribedOperator } from '../../streaming/graph-description.ts';
import { durationText } from '../output/amounts.ts';

/**
 * The steps of a program as a tree from each output operation down to its inputs, as Spark draws plans. A step that stood further up is
 * named and not drawn again.
 */
export function graphText(operators: readonly DescribedOperator[], batchMs: number): string {
  const byId = new Map(operators.map((operator) => [operator.id, operator]));
  const drawn = new Set<string>();
  const lines: string[] = [];
  const draw = (operator: DescribedOperator, head: string, rest: string): void => {
    const isKnown = drawn.has(operator.id);
    drawn.add(operator.id);
    lines.push(`${head}${operator.kind}${nameOf(operator)}${isKnown ? '  (as above)' : notesOf(operator, batchMs)}`);
    if (isKnown) return;
    const inputs = operator.inputs.flatMap((id) => byId.get(id) ?? []);
    inputs.forEach((input, i) => {
      if (i === inputs.length - 1) draw(input, `${rest}+- `, `${rest}   `);
      else draw(input, `${rest}:- `, `${rest}:  `);
    });
  };
  for (const output of operators.filter(({ isOutput }) => isOutput)) draw(output, '', '');
  return lines.join('\n');
}

/** The id says more than the kind where the program named the step, or where it has several of the kind. */
function nameOf({ id, kind }: DescribedOperator): string {
  return id === kind ? '' : `  ${id}`;
}

function notesOf({ keepsState, slideMs, streamId }: DescribedOperator, batchMs: number): string {
  const notes = [
    ...(streamId === undefined ? [] : ['input']),
    ...(keepsState ? ['keeps state'] : []),
    ...(slideMs === batchMs ? [] : [`every ${durationText(slideMs)}`]),
  ];
  return notes.length === 0 ? '' : `  (${notes.join(', ')})`;
}
