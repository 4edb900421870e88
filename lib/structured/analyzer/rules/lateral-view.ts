import { raise } from '../../../kernel/errors.ts';
import { applyLifts } from '../apply-lifts.ts';
import { generatedOver } from '../generated.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { resolveExpression } from '../resolve-expression.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';
import { isGenerator, restored } from '../select-items.ts';
import { typedText } from '../typed-text.ts';

/** `LATERAL VIEW`: the columns of a generator behind those of each row; `OUTER` keeps rows for which it gives none. */
export function resolveLateralView(node: NodeOf<'lateralView'>, context: NodeContext): ResolvedPlan {
  const input = context.input(node.child);
  const scope = context.scope(node.child);
  const call = resolveExpression(node.generator, scope);
  if (!isGenerator(call) || call.type.kind !== 'struct') {
    return raise('UNRESOLVABLE_TABLE_VALUED_FUNCTION', { name: typedText(call) });
  }
  const given = call.type.fields.map(({ name }) => name);
  const { columns: names, alias } = node;
  if (names.length > 0 && names.length !== given.length) {
    raise('UDTF_ALIAS_NUMBER_MISMATCH', { aliasesNum: names.length, outputNum: given.length });
  }
  const lifted = applyLifts(input, scope.lifts);
  const generated = generatedOver(lifted, call, {
    names: names.length > 0 ? names : given,
    qualifier: alias === undefined ? [] : [alias],
    isOuter: node.isOuter,
    nextId: () => context.session.nextId(),
  });
  const columns = generated.output.slice(lifted.output.length);
  return restored(generated, [...input.output, ...columns]);
}
