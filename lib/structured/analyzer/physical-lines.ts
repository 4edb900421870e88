import type { Attribute } from '../expressions/typed-expression.ts';
import { joinNames, conditionText, lineOf, list, mark, named, nameOf } from './plan-lines.ts';
import { inputsOf } from './plan-tree.ts';
import type { ResolvedPlan } from './resolved-plan.ts';
import { treeText } from './tree-text.ts';

/**
 * A plan as it runs, in the words of Spark's physical plans. Steps with the same `*(n)` are one generated loop. An operator that keeps
 * state says what the watermark does to it.
 */
export function physicalLines(plan: ResolvedPlan): string {
  const stages = stagesOf(plan);
  return treeText(
    plan,
    (node) => {
      const stage = stages.get(node);
      return stage === undefined ? operatorLine(node) : `*(${stage}) ${operatorLine(node)}`;
    },
    inputsOf,
  );
}

const narrow: ReadonlySet<ResolvedPlan['kind']> = new Set(['project', 'filter', 'watermark', 'generate', 'expand']);

/** The loops of a plan, numbered from the sources on. */
function stagesOf(plan: ResolvedPlan): ReadonlyMap<ResolvedPlan, number> {
  const stages = new Map<ResolvedPlan, number>();
  let last = 0;
  const visit = (node: ResolvedPlan): void => {
    const inputs = inputsOf(node);
    for (const input of inputs) visit(input);
    if (!narrow.has(node.kind)) return;
    const [input] = inputs;
    const continued = input === undefined ? undefined : stages.get(input);
    stages.set(node, continued ?? (last += 1));
  };
  visit(plan);
  return stages;
}

function operatorLine(plan: ResolvedPlan): string {
  switch (plan.kind) {
    case 'local':
      return `LocalTableScan ${list(plan.output)}`;
    case 'read':
      return plan.isStreaming
        ? `MicroBatchScan ${list(plan.output)} ${plan.format}`
        : `Scan ${plan.format} ${list(plan.output)}`;
    case 'aggregate': {
      const call = `keys=[${plan.keys.map(mark).join(', ')}], functions=[${plan.aggregates.map(named).join(', ')}]`;
      if (!plan.isStreaming) return `HashAggregate(${call})`;
      return plan.session === undefined
        ? `StateStoreSave(${call})${finished(plan.keys)}`
        : `SessionWindowStateStoreSave(${call})${finished(plan.keys)}`;
    }
    case 'deduplicate': {
      const keys = `[${plan.keys.map(mark).join(', ')}]`;
      if (!plan.isStreaming) return `Deduplicate ${keys}`;
      if (plan.withinWatermark) {
        return `StreamingDeduplicateWithinWatermark ${keys}, state: a key is kept for the delay after its first time`;
      }
      return `StreamingDeduplicate ${keys}${finished(plan.keys)}`;
    }
    case 'join': {
      const condition = conditionText(plan);
      if (plan.left.isStreaming && plan.right.isStreaming) {
        return `StreamingSymmetricHashJoin ${joinNames[plan.how]}${condition}${joinState(plan.left, plan.right)}`;
      }
      return `${plan.isStreaming ? 'BroadcastHashJoin' : 'HashJoin'} ${joinNames[plan.how]}${condition}`;
    }
    case 'limit':
      return plan.isStreaming ? `StreamingGlobalLimit ${plan.count}, state: the number of rows so far` : lineOf(plan);
    case 'flatMapGroupsWithState':
    case 'transformWithState':
      return `${lineOf(plan)}${lateRows(plan.child)}`;
    default:
      return lineOf(plan);
  }
}

/** What the watermark does to groups. */
function finished(keys: readonly Attribute[]): string {
  const key = keys.find((attribute) => attribute.watermarkDelayMs !== undefined);
  if (key === undefined) return ', state: kept for ever, no key is an event time';
  const end = key.type.kind === 'struct' ? `the end of ${nameOf(key)}` : nameOf(key);
  return `, state: dropped as late and cleaned when the watermark reaches ${end}`;
}

function joinState(left: ResolvedPlan, right: ResolvedPlan): string {
  const times = [...left.output, ...right.output].filter((attribute) => attribute.watermarkDelayMs !== undefined);
  if (times.length === 0) return ', state: kept for ever, no side has a watermark';
  return `, state: rows are dropped as late and cleaned by the watermark of ${times.map(nameOf).join(', ')}`;
}

function lateRows(child: ResolvedPlan): string {
  const time = child.output.find((attribute) => attribute.watermarkDelayMs !== undefined);
  return time === undefined ? '' : `, rows are dropped as late by the watermark of ${nameOf(time)}`;
}
