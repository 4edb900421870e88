import { raise } from '../../kernel/errors.ts';
import type { CastSite } from '../types/cast.ts';
import { type TimeZone, timeZone } from '../types/time-zone.ts';
import type { EvaluationContext } from '../functions/define-function.ts';
import type { AggregateCall, TypedCall } from './typed-expression.ts';

/** What the expressions of a query are compiled for. */
export interface EvaluationSite {
  readonly ansi: boolean;
  readonly timeZone: string;
  readonly context: EvaluationContext;
  /** False where `eval` is forbidden, or when the user asks for it: expressions are then interpreted. */
  readonly mayGenerate: boolean;
}

/** The session's zone. */
export function zoneOf(id: string): TimeZone {
  return timeZone(id) ?? raise('INVALID_TIMEZONE', { timeZone: id });
}

/** A cast of a query: the mode is the expression's. */
export function castSite(mode: CastSite['mode'], { timeZone: id, context }: EvaluationSite): CastSite {
  return { mode, zone: zoneOf(id), nowUs: () => context.batchTimestampUs };
}

/** What the function of a call is bound to. */
export function callSite(call: TypedCall | AggregateCall, { ansi, timeZone: id, context }: EvaluationSite) {
  return {
    ansi,
    timeZone: id,
    context,
    args: call.args,
    type: call.type,
    ...(call.options === undefined ? {} : { options: call.options }),
  };
}
