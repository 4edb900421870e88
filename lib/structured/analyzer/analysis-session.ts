import type { SessionConf } from '../conf.ts';
import type { CallSite } from '../functions/define-function.ts';
import type { LogicalPlan } from '../plan/logical-plan.ts';
import type { DataType } from '../types/data-type.ts';

/** What analysis needs of a session. */
export interface AnalysisSession {
  readonly conf: SessionConf;
  /** A number that was not given before: for attributes and plans. */
  nextId(): number;
  /** The plan behind a temporary view, found without regard to case. */
  view(name: string): LogicalPlan | undefined;
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
