import type { LogicalNode, LogicalPlan } from '../plan/logical-plan.ts';
import type { AnalysisSession, NamedView } from './analysis-session.ts';
import type { ResolvedPlan } from './resolved-plan.ts';
import type { Scope } from './scope.ts';

/** What a rule that resolves one kind of node is given. */
export interface NodeContext {
  readonly session: AnalysisSession;
  /** Whether the node belongs to a subquery: its columns must not be those of the query around it. */
  readonly isSubquery: boolean;
  /** An input, resolved. */
  input(plan: LogicalPlan): ResolvedPlan;
  /** An input that sees the columns of a scope, as the right side of a lateral join does. */
  inputIn(plan: LogicalPlan, outer: Scope): ResolvedPlan;
  /** The plan of a view, resolved: it sees nothing of the query it stands in. */
  view(view: NamedView): ResolvedPlan;
  /** What names mean over an input. `ids` are columns that got new ids on the way, as the right side of a join with itself does. */
  scope(...inputs: readonly ScopeInput[]): Scope;
}

export type ScopeInput =
  | LogicalPlan
  | { readonly plan: LogicalPlan; readonly resolved: ResolvedPlan; readonly ids: ReadonlyMap<number, number> };

/** What became of a node. `ids`: for each input, the columns that have another id in the result. */
export interface Analyzed {
  readonly plan: ResolvedPlan;
  readonly ids?: readonly (ReadonlyMap<number, number> | undefined)[];
}

export type NodeOf<K extends LogicalNode['kind']> = Extract<LogicalPlan, { kind: K }>;

/** Resolves a node over its resolved inputs. Raises all its problems at once. */
export type Rule<K extends LogicalNode['kind']> = (node: NodeOf<K>, context: NodeContext) => ResolvedPlan | Analyzed;
