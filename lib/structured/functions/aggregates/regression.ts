import type { AggregateFunction, FunctionDefinition } from '../define-function.ts';
import { takes } from '../signatures.ts';
import { centralMoments, coMoments } from './moments.ts';

function regression(
  name: string,
  summary: string,
  result: string,
  aggregate: AggregateFunction,
  returns: 'double' | 'bigint' = 'double',
): FunctionDefinition {
  return {
    name,
    group: 'aggregate',
    summary,
    usage: `${name}(y, x)`,
    examples: [[`${name}(x, y) FROM VALUES (1, 2), (2, 2), (2, 3), (2, 4)`, result]],
    resolve: takes(name, ['double', 'double'], returns, { nullable: returns === 'double' }),
    body: { kind: 'aggregate', bind: () => aggregate },
  };
}

/** An aggregate of one side of the pairs in which nothing is null. */
function ofSide(side: 'y' | 'x', aggregate: AggregateFunction): AggregateFunction {
  return {
    ...aggregate,
    update(buffer, at, y, x) {
      if (y !== null && x !== null) aggregate.update(buffer, at, side === 'y' ? (y ?? null) : (x ?? null));
    },
  };
}

const squares = centralMoments(2, (_n, m2) => m2);
const count = coMoments(false, (n) => n);

/** Linear regression of y over x, in Spark's order of operations: the first argument is y. */
export const regressionFunctions: readonly FunctionDefinition[] = [
  regression(
    'regr_count',
    'How many pairs there are.',
    '4',
    { ...count, result: (buffer, at) => buffer[at] ?? 0 },
    'bigint',
  ),
  regression(
    'regr_avgx',
    'The mean of x.',
    '2.75',
    coMoments(false, (_n, _ck, _yy, _xx, _y, x) => x),
  ),
  regression(
    'regr_avgy',
    'The mean of y.',
    '1.75',
    coMoments(false, (_n, _ck, _yy, _xx, y) => y),
  ),
  regression('regr_sxx', 'The sum of squares of x around its mean.', '2.75', ofSide('x', squares)),
  regression('regr_syy', 'The sum of squares of y around its mean.', '0.75', ofSide('y', squares)),
  regression(
    'regr_sxy',
    'The sum of products around the means.',
    '0.7499999999999998',
    coMoments(false, (_n, ck) => ck),
  ),
  regression(
    'regr_slope',
    'The slope of the line.',
    '0.2727272727272727',
    coMoments(true, (n, ck, _yy, xx) => (n < 2 || xx === 0 ? null : ck / n / (xx / n))),
  ),
  regression(
    'regr_intercept',
    'Where the line meets the axis of y.',
    '1.0',
    coMoments(true, (n, ck, _yy, xx, y, x) => (n < 2 || xx === 0 ? null : y - (ck / n / (xx / n)) * x)),
  ),
  regression(
    'regr_r2',
    'The coefficient of determination.',
    '0.2727272727272726',
    coMoments(true, (n, ck, yy, xx) => {
      if (n < 2 || xx === 0) return null;
      return yy === 0 ? 1 : (ck / Math.sqrt(yy * xx)) ** 2;
    }),
  ),
];
