import type { SessionConf } from '../conf.ts';
import type { CallSite } from '../functions/define-function.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { DataType } from '../types/data-type.ts';

/** A plan with a name; a global view may be of another session. */
export interface NamedView {
  readonly name: string;
  readonly plan: LogicalPlan;
  readonly session: AnalysisSession;
}

/** What analysis needs of a session. */
export interface AnalysisSession {
  readonly conf: SessionConf;
  /** A number that was not given before: for attributes and plans. */
  nextId(): number;
  /** A view by the parts of its name, found without regard to case. */
  view(parts: readonly string[]): NamedView | undefined;
  /** The names of the views that there are. */
  viewNames(): readonly string[];
  /** A function of the program that was registered under a name. */
  registeredFunction(name: string): RegisteredFunction | undefined;
}

/** What expressions are resolved and computed for, in a session. */
export function siteOf({ conf }: Pick<AnalysisSession, 'conf'>): CallSite {
  return { ansi: conf.isAnsi, timeZone: conf.timeZone, allowPrecisionLoss: conf.allowsPrecisionLoss };
}

/** `spark.udf.register(name, call, returns)` */
export interface RegisteredFunction {
  readonly name: string;
  readonly call: (...args: readonly unknown[]) => unknown;
  readonly returns: DataType;
  readonly deterministic: boolean;
}
