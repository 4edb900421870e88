import { raise } from '../../../kernel/errors.ts';
import type { TypedExpression } from '../../expressions/typed-expression.ts';

/** One item of `WITHIN GROUP (ORDER BY ...)`. */
export interface GroupOrder {
  readonly ascending: boolean;
  readonly nullsFirst: boolean;
}

interface WithOptions {
  readonly options?: Readonly<Record<string, string>>;
}

/**
 * How the last arguments of a call are ordered that was written with `WITHIN GROUP`; none without. The parser puts what is ordered behind
 * the arguments, and the directions into the option `withinGroup`: `ASC NULLS FIRST,DESC NULLS LAST`.
 */
export function orderingOf({ options }: WithOptions): readonly GroupOrder[] {
  const text = options?.['withinGroup'];
  if (text === undefined) return [];
  return text.split(',').map((item) => ({ ascending: item.startsWith('ASC'), nullsFirst: item.endsWith('FIRST') }));
}

/** Raises unless a call has so many plain arguments and so many orderings. */
export function requireOrdering(
  name: string,
  args: readonly TypedExpression[],
  site: WithOptions,
  { plain, orderings }: { readonly plain: number; readonly orderings: number },
): void {
  const given = orderingOf(site).length;
  if (args.length - given !== plain) {
    raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', {
      function: name,
      expected: plain,
      actual: args.length - given,
      usage: `${name}(...) WITHIN GROUP (ORDER BY ...)`,
    });
  }
  if (given === 0) raise('INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING', { funcName: name });
  if (given !== orderings) {
    raise('INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS', {
      funcName: name,
      expectedNum: orderings,
      actualNum: given,
    });
  }
}
