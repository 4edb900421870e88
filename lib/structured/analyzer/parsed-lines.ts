import type { Expression } from '../expressions/expression.ts';
import { prettyText } from '../expressions/sql-text.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import { logicalInputs } from '../plan/plan-inputs.ts';
import { treeText } from './tree-text.ts';

/** A plan as it was written, before anything was looked up: names and functions of Spark's parsed plans have a quote before them. */
export function parsedLines(plan: LogicalPlan): string {
  return treeText(plan, lineOf, logicalInputs);
}

function lineOf(plan: LogicalPlan): string {
  switch (plan.kind) {
    case 'local':
      return `LocalRelation [${plan.schema.fields.map(({ name }) => name).join(', ')}]`;
    case 'read':
      return `${plan.isStreaming ? 'StreamingRelation' : 'Relation'} ${plan.format}`;
    case 'relation':
      return `'UnresolvedRelation [${plan.parts.join(', ')}]`;
    case 'values':
      return `'UnresolvedInlineTable [${plan.rows.length} rows]`;
    case 'lateralView': {
      const names = plan.columns.map((name) => `'${name}`).join(', ');
      return `'Generate ${text(plan.generator)}, ${plan.isOuter}${plan.alias === undefined ? '' : `, ${plan.alias}`}, [${names}]`;
    }
    case 'range':
      return `Range (${plan.start}, ${plan.end}, step=${plan.step})`;
    case 'project':
      return `'Project [${texts(plan.columns)}]`;
    case 'withColumns':
      return `'WithColumns [${plan.columns.map(([name, e]) => `${text(e)} AS ${name}`).join(', ')}]`;
    case 'withColumnsRenamed':
      return `'WithColumnsRenamed [${plan.names.map(([from, to]) => `${from} AS ${to}`).join(', ')}]`;
    case 'drop':
      return `'DataFrameDropColumns [${texts(plan.columns)}]`;
    case 'filter':
      return `'Filter ${text(plan.condition)}`;
    case 'watermark':
      return `'EventTimeWatermark ${plan.column}, ${plan.delay}`;
    case 'aggregate': {
      const names = { groupBy: "'Aggregate", rollup: "'Rollup", cube: "'Cube", groupingSets: "'GroupingSets" };
      const name = names[plan.type];
      const pivot =
        plan.pivot === undefined ? '' : `, pivot ${text(plan.pivot.column)} [${texts(plan.pivot.values ?? [])}]`;
      return `${name} [${texts(plan.grouping)}], [${texts(plan.aggregates)}]${pivot}`;
    }
    case 'deduplicate':
      return `${plan.withinWatermark ? 'DeduplicateWithinWatermark' : 'Deduplicate'} [${plan.columns?.join(', ') ?? '*'}]`;
    case 'join': {
      const on =
        plan.using === undefined
          ? plan.on === undefined
            ? ''
            : `, ${text(plan.on)}`
          : `, using [${plan.using.join(', ')}]`;
      return `'Join ${plan.how}${on}`;
    }
    case 'union':
      return `Union ${plan.byName ? 'by name' : 'by position'}`;
    case 'setOperation':
      return `${plan.operation === 'except' ? 'Except' : 'Intersect'} ${plan.isAll ? 'All' : 'Distinct'}`;
    case 'sort':
      return `'Sort [${texts(plan.order)}], true`;
    case 'limit':
      return plan.offset === 0 ? `GlobalLimit ${amount(plan.count)}` : `Offset ${amount(plan.offset)}`;
    case 'sample':
      return `Sample ${plan.fraction}`;
    case 'fillNulls':
      return `'FillNulls [${plan.columns?.join(', ') ?? '*'}]`;
    case 'dropNulls':
      return `'DropNulls [${plan.columns?.join(', ') ?? '*'}]`;
    case 'alias':
      return plan.columns === undefined
        ? `SubqueryAlias ${plan.name ?? ''}`
        : `'UnresolvedSubqueryColumnAliases [${plan.columns.join(', ')}]${plan.name === undefined ? '' : `, ${plan.name}`}`;
    case 'hint':
      return `UnresolvedHint ${plan.name}`;
    case 'observe':
      return `'CollectMetrics ${plan.name}, [${texts(plan.metrics)}]`;
    case 'flatMapGroupsWithState':
      return `'FlatMapGroupsWithState [${texts(plan.grouping)}], ${plan.program.outputMode}, ${plan.program.timeout}`;
    case 'transformWithState':
      return `'TransformWithState [${texts(plan.grouping)}], ${plan.program.outputMode}, ${plan.program.timeMode}`;
    default:
      return plan satisfies never;
  }
}

function amount(value: number | Expression): string {
  return typeof value === 'number' ? `${value}` : text(value);
}

function texts(expressions: readonly Expression[]): string {
  return expressions.map(text).join(', ');
}

function text(e: Expression): string {
  return e.kind === 'literal' ? prettyText(e) : `'${prettyText(e)}`;
}
