import type { Attribute, NamedExpression, TypedCall, TypedExpression } from '../../expressions/typed-expression.ts';
import { sameExpression, transformDown } from '../../expressions/typed-tree.ts';
import { isPlainFromJson } from './json-field.ts';
import type { Stage, StageStep } from './stage.ts';

const firstId = -2_000_000;

/**
 * Parses a JSON text once where several expressions take fields of it: `from_json(...).a`, `from_json(...).b` become fields of one
 * column that is defined before them. Filters that were pushed below a projection see the same column as the projection.
 */
export function hoistJson(stage: Stage): Stage {
  const steps: StageStep[] = [];
  let known: NamedExpression[] = [];
  let nextId = firstId;
  const columnOf = (call: TypedCall, added: NamedExpression[]): Attribute => {
    const same = [...known, ...added].find(({ expression }) => sameExpression(expression, call));
    if (same !== undefined) return same.attribute;
    const { type, nullable } = call;
    const attribute: Attribute = { kind: 'attribute', id: nextId--, name: 'from_json', qualifier: [], type, nullable };
    added.push({ expression: call, attribute });
    return attribute;
  };
  for (const step of stage.steps) {
    const added: NamedExpression[] = [];
    const hoisted = mapStep(step, (e) =>
      transformDown(e, (node) =>
        node.kind === 'extract' && node.access.kind === 'field' && isPlainFromJson(node.child)
          ? { ...node, child: columnOf(node.child, added) }
          : undefined,
      ),
    );
    if (added.length > 0) steps.push({ kind: 'define', columns: added });
    steps.push(hoisted);
    known = step.kind === 'project' || step.kind === 'expand' ? [] : [...known, ...added];
  }
  return { ...stage, steps };
}

function mapStep(step: StageStep, f: (e: TypedExpression) => TypedExpression): StageStep {
  switch (step.kind) {
    case 'filter':
      return { ...step, condition: f(step.condition) };
    case 'project':
    case 'define':
      return {
        ...step,
        columns: step.columns.map(({ expression, attribute }) => ({ expression: f(expression), attribute })),
      };
    case 'generate':
      return { ...step, args: step.args.map(f) };
    case 'expand':
      return { ...step, projections: step.projections.map((projection) => projection.map(f)) };
    default:
      return step;
  }
}
