import { raise } from '../../../kernel/errors.ts';
import { LateRowsOf } from '../../plan/late-rows-of.ts';
import { nodesOf } from '../plan-tree.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';

/** Steps that work on each row by itself. */
const perRow: ReadonlySet<ResolvedPlan['kind']> = new Set([
  'read',
  'project',
  'filter',
  'generate',
  'union',
  'observe',
  'sample',
]);

/** Late rows have no batches of their own: they cannot be a query, nor a part of another one. */
export function refuseLateRowsAlone(plan: ResolvedPlan): void {
  if ([...nodesOf(plan)].every((node) => sourceOf(node) === undefined)) return;
  raise('QUERY_LATE_ROWS', {
    problem: 'late rows are a second output of their query and no query by themselves',
    mend: 'Start them with it: df.writeStream.lateRows(lateRows(df).writeStream...)',
  });
}

/** The second output of the query that a plan stands for: its late rows, through steps without state. */
export function checkLateRows(plan: ResolvedPlan, planId: number): void {
  const nodes = [...nodesOf(plan)];
  if (nodes.some((node) => node.kind === 'read' && sourceOf(node)?.planId !== planId)) {
    raise('QUERY_LATE_ROWS', {
      problem: 'what is given to writeStream.lateRows reads something else than the late rows of this query',
      mend: 'Make it of lateRows(df), where df is the DataFrame whose writeStream this is',
    });
  }
  const other = nodes.find(({ kind }) => !perRow.has(kind));
  if (other === undefined) return;
  raise('QUERY_LATE_ROWS', {
    problem: `late rows go through a step of the kind ${other.kind}`,
    mend: 'Select, filter and map them only; write them somewhere and read them from there for more',
  });
}

function sourceOf(node: ResolvedPlan): LateRowsOf | undefined {
  return node.kind === 'read' && node.source instanceof LateRowsOf ? node.source : undefined;
}
