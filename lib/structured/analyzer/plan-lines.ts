import type { Attribute, NamedExpression } from '../expressions/typed-expression.ts';
import { inputsOf } from './plan-tree.ts';
import { treeText } from './tree-text.ts';
import type { ResolvedPlan } from './resolved-plan.ts';
import { orderText, typedText } from './typed-text.ts';

/** A plan as a tree of lines, each node above its inputs. */
export function planLines(plan: ResolvedPlan): string {
  return treeText(plan, lineOf, inputsOf);
}

export const nameOf = (attribute: Attribute): string => `${attribute.name}#${attribute.id}`;
export const list = (attributes: readonly Attribute[]): string => `[${attributes.map(nameOf).join(', ')}]`;

export function named({ expression, attribute }: NamedExpression): string {
  if (expression.kind === 'attribute' && expression.id === attribute.id) return mark(attribute);
  return `${typedText(expression, nameOf)} AS ${mark(attribute)}`;
}

/** A column with the delay of its watermark, if it is an event time: `ts#3-T10000ms`, as Spark writes it. */
export function mark(attribute: Attribute): string {
  return attribute.watermarkDelayMs === undefined
    ? nameOf(attribute)
    : `${nameOf(attribute)}-T${attribute.watermarkDelayMs}ms`;
}

/** One node, as the logical plans show it. */
export function lineOf(plan: ResolvedPlan): string {
  switch (plan.kind) {
    case 'local':
      return `LocalRelation ${list(plan.output)}`;
    case 'read':
      return `${plan.isStreaming ? 'StreamingRelation' : 'Relation'} ${plan.format}${list(plan.output)}`;
    case 'range':
      return `Range (${plan.start}, ${plan.end}, step=${plan.step})`;
    case 'project':
      return `Project [${plan.columns.map(named).join(', ')}]`;
    case 'filter':
      return `Filter ${typedText(plan.condition, nameOf)}`;
    case 'watermark':
      return `EventTimeWatermark ${nameOf(plan.column)}, ${plan.delayMs} ms`;
    case 'generate':
      return `Generate ${plan.generator.name}(${plan.args.map((arg) => typedText(arg, nameOf)).join(', ')}), ${plan.outer}, ${list(plan.columns)}`;
    case 'expand':
      return `Expand [${plan.projections.map((projection) => `[${projection.map((e) => typedText(e, nameOf)).join(', ')}]`).join(', ')}], ${list(plan.output)}`;
    case 'aggregate': {
      const name = plan.session === undefined ? 'Aggregate' : 'SessionWindowAggregate';
      return `${name} [${plan.keys.map(mark).join(', ')}], [${plan.aggregates.map(named).join(', ')}]${cleaned(plan.isStreaming, plan.keys)}`;
    }
    case 'deduplicate':
      return `${plan.withinWatermark ? 'DeduplicateWithinWatermark' : 'Deduplicate'} [${plan.keys.map(mark).join(', ')}]${cleaned(plan.isStreaming, plan.keys)}`;
    case 'join': {
      const condition = conditionText(plan);
      const kind = plan.left.isStreaming && plan.right.isStreaming ? 'StreamingSymmetricHashJoin' : 'Join';
      return `${kind} ${joinNames[plan.how]}${condition}`;
    }
    case 'union':
      return 'Union';
    case 'setOperation':
      return `${plan.operation === 'except' ? 'Except' : 'Intersect'} ${plan.isAll ? 'All' : 'Distinct'}`;
    case 'sort':
      return `Sort [${plan.order.map((order) => orderText(order, nameOf)).join(', ')}], true`;
    case 'limit':
      return plan.offset === 0 ? `GlobalLimit ${plan.count}` : `GlobalLimit ${plan.count}, offset ${plan.offset}`;
    case 'sample':
      return `Sample 0.0, ${plan.fraction}, false, ${plan.seed}`;
    case 'windowFunctions':
      return `Window [${plan.functions.map(named).join(', ')}], [${plan.partitionBy.map((e) => typedText(e, nameOf)).join(', ')}], [${plan.orderBy.map((order) => orderText(order, nameOf)).join(', ')}]`;
    case 'observe':
      return `CollectMetrics ${plan.name}, [${plan.metrics.map(named).join(', ')}]`;
    case 'flatMapGroupsWithState':
      return `FlatMapGroupsWithState ${list(plan.keys)}, ${list(plan.output)}, ${plan.program.outputMode}, ${plan.program.timeout}`;
    case 'transformWithState':
      return `TransformWithState ${list(plan.keys)}, ${list(plan.output)}, ${plan.program.outputMode}, ${plan.program.timeMode}`;
    default:
      return plan satisfies never;
  }
}

export const joinNames = {
  inner: 'Inner',
  left: 'LeftOuter',
  right: 'RightOuter',
  full: 'FullOuter',
  leftSemi: 'LeftSemi',
  leftAnti: 'LeftAnti',
  cross: 'Cross',
  existence: 'ExistenceJoin',
} as const;

/** What a join compares, with what an existence join gives in front. */
export function conditionText(join: Extract<ResolvedPlan, { kind: 'join' }>): string {
  const gives = join.exists === undefined ? '' : `(${nameOf(join.exists)})`;
  const condition = join.condition === undefined ? '' : `, ${typedText(join.condition, nameOf)}`;
  const pairs = (join.nullAware ?? []).map(
    ([left, right]) => `, (${typedText(left, nameOf)} = ${typedText(right, nameOf)} OR unknown)`,
  );
  return `${gives}${condition}${pairs.join('')}${join.isSingle === true ? ', single' : ''}`;
}

/** What the watermark does to the state of an operator. */
function cleaned(isStreaming: boolean, keys: readonly Attribute[]): string {
  if (!isStreaming) return '';
  const key = keys.find((attribute) => attribute.watermarkDelayMs !== undefined);
  return key === undefined ? ', state: never cleaned' : `, state: cleaned by the watermark of ${nameOf(key)}`;
}
