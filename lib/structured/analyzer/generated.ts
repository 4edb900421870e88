import { raise } from '../../kernel/errors.ts';
import type { Attribute, TypedCall } from '../expressions/typed-expression.ts';
import type { ResolvedPlan } from './resolved-plan.ts';

/** A generator over the rows of a plan: its columns follow those that are there. */
export function generatedOver(
  child: ResolvedPlan,
  call: TypedCall,
  how: {
    readonly names: readonly string[];
    readonly qualifier: readonly string[];
    readonly isOuter: boolean;
    readonly nextId: () => number;
  },
): ResolvedPlan {
  if (call.type.kind !== 'struct') return raise('INTERNAL_INVARIANT', { what: 'a generator without columns' });
  const outer = how.isOuter || call.function.name.endsWith('_outer');
  const columns = call.type.fields.map(({ type, nullable }, i): Attribute => ({
    kind: 'attribute',
    id: how.nextId(),
    name: how.names[i] ?? '',
    type,
    nullable: nullable || how.isOuter,
    qualifier: how.qualifier,
  }));
  return {
    kind: 'generate',
    child,
    generator: call.function,
    args: call.args,
    columns,
    outer,
    output: [...child.output, ...columns],
    isStreaming: child.isStreaming,
  };
}
