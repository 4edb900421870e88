import { raise } from '../../../kernel/errors.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import type { StructType } from '../../types/data-type.ts';
import type { AnalysisSession } from '../analysis-session.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';

export function resolveLocal(node: NodeOf<'local'>, { session }: NodeContext): ResolvedPlan {
  return { kind: 'local', rows: node.rows, output: attributesOf(node.schema, session), isStreaming: false };
}

export function resolveRead(node: NodeOf<'read'>, { session }: NodeContext): ResolvedPlan {
  const { format, options, source, isStreaming } = node;
  const schema = node.schema ?? raise('QUERY_SOURCE_SCHEMA', { format });
  return {
    kind: 'read',
    format,
    options,
    schema,
    sourceId: node.planId,
    ...(source === undefined ? {} : { source }),
    output: attributesOf(schema, session),
    isStreaming,
  };
}

export function resolveRange(node: NodeOf<'range'>, { session }: NodeContext): ResolvedPlan {
  const { start, end, step } = node;
  const schema: StructType = { kind: 'struct', fields: [{ name: 'id', type: { kind: 'bigint' }, nullable: false }] };
  return { kind: 'range', start, end, step, output: attributesOf(schema, session), isStreaming: false };
}

/** New columns for the fields of a schema. */
export function attributesOf(schema: StructType, session: AnalysisSession): readonly Attribute[] {
  return schema.fields.map(({ name, type, nullable }) => ({
    kind: 'attribute',
    id: session.nextId(),
    name,
    type,
    nullable,
    qualifier: [],
  }));
}
