import type { InternalValue } from '../../types/data-type.ts';
import { raise } from '../../../kernel/errors.ts';
import type { AggregateFunction, BindSite, FunctionDefinition } from '../define-function.ts';
import { takes } from '../signatures.ts';

type Numbers = number[];

/** An average as Spark has it after a merge into an empty buffer, which comes before every merge there: the last digit may change. */
function settled(average: number, n: number): number {
  return n === 0 ? average : (average / n) * n;
}

/**
 * Central moments up to the `order`th, one value at a time and merged, in the order of operations that Spark uses: the last digit of a
 * result depends on it. Buffer: n, average, m2, m3, m4.
 */
export function centralMoments(
  order: 2 | 3 | 4,
  result: (n: number, m2: number, m3: number, m4: number) => number | null,
): AggregateFunction {
  return {
    size: order + 1,
    initial: () => Array.from({ length: order + 1 }, () => 0),
    update(values, at, value) {
      if (value === null) return;
      const buffer = values as Numbers;
      const x = value as number;
      const n = buffer[at]! + 1;
      const delta = x - buffer[at + 1]!;
      const deltaN = delta / n;
      const m2 = buffer[at + 2]! + delta * (delta - deltaN);
      buffer[at] = n;
      buffer[at + 1] = buffer[at + 1]! + deltaN;
      buffer[at + 2] = m2;
      if (order < 3) return;
      const delta2 = delta * delta;
      const deltaN2 = deltaN * deltaN;
      const m3 = buffer[at + 3]! - 3 * deltaN * m2 + delta * (delta2 - deltaN2);
      buffer[at + 3] = m3;
      if (order < 4) return;
      buffer[at + 4] =
        buffer[at + 4]! - 4 * deltaN * m3 - 6 * deltaN2 * m2 + delta * (delta * delta2 - deltaN * deltaN2);
    },
    merge(values, at, others, otherAt) {
      const buffer = values as Numbers;
      const other = others as Numbers;
      const n1 = buffer[at]!;
      const n2 = other[otherAt]!;
      if (n2 === 0) return;
      const n = n1 + n2;
      const average = settled(buffer[at + 1]!, n1);
      const delta = settled(other[otherAt + 1]!, n2) - average;
      const deltaN = delta / n;
      const [left2, right2] = [buffer[at + 2]!, other[otherAt + 2]!];
      if (order >= 3) {
        const [left3, right3] = [buffer[at + 3]!, other[otherAt + 3]!];
        if (order >= 4) {
          buffer[at + 4] =
            buffer[at + 4]! +
            other[otherAt + 4]! +
            deltaN * deltaN * deltaN * delta * n1 * n2 * (n1 * n1 - n1 * n2 + n2 * n2) +
            6 * deltaN * deltaN * (n1 * n1 * right2 + n2 * n2 * left2) +
            4 * deltaN * (n1 * right3 - n2 * left3);
        }
        buffer[at + 3] =
          left3 + right3 + deltaN * deltaN * delta * n1 * n2 * (n1 - n2) + 3 * deltaN * (n1 * right2 - n2 * left2);
      }
      buffer[at + 2] = left2 + right2 + delta * deltaN * n1 * n2;
      buffer[at + 1] = average + deltaN * n2;
      buffer[at] = n;
    },
    result(values, at) {
      const buffer = values as Numbers;
      return buffer[at] === 0 ? null : result(buffer[at]!, buffer[at + 2]!, buffer[at + 3] ?? 0, buffer[at + 4] ?? 0);
    },
  };
}

/**
 * Moments of two columns: n, both averages, the co-moment, and for the correlation both second moments. A row counts when both are
 * there.
 */
export function coMoments(
  hasSecondMoments: boolean,
  result: (n: number, ck: number, xMk: number, yMk: number, xAverage: number, yAverage: number) => number | null,
): AggregateFunction {
  const size = hasSecondMoments ? 6 : 4;
  return {
    size,
    initial: () => Array.from({ length: size }, () => 0),
    update(values, at, xValue, yValue) {
      if (xValue === null || yValue === null) return;
      const buffer = values as Numbers;
      const x = xValue as number;
      const y = yValue as number;
      const n = buffer[at]! + 1;
      const dx = x - buffer[at + 1]!;
      const dy = y - buffer[at + 2]!;
      const xAverage = buffer[at + 1]! + dx / n;
      const yAverage = buffer[at + 2]! + dy / n;
      buffer[at] = n;
      buffer[at + 1] = xAverage;
      buffer[at + 2] = yAverage;
      buffer[at + 3] = buffer[at + 3]! + dx * (y - yAverage);
      if (!hasSecondMoments) return;
      buffer[at + 4] = buffer[at + 4]! + dx * (x - xAverage);
      buffer[at + 5] = buffer[at + 5]! + dy * (y - yAverage);
    },
    merge(values, at, others, otherAt) {
      const buffer = values as Numbers;
      const other = others as Numbers;
      const n1 = buffer[at]!;
      const n2 = other[otherAt]!;
      if (n2 === 0) return;
      const n = n1 + n2;
      const xAverage = settled(buffer[at + 1]!, n1);
      const yAverage = settled(buffer[at + 2]!, n1);
      const dx = settled(other[otherAt + 1]!, n2) - xAverage;
      const dxN = dx / n;
      const dy = settled(other[otherAt + 2]!, n2) - yAverage;
      const dyN = dy / n;
      buffer[at] = n;
      buffer[at + 1] = xAverage + dxN * n2;
      buffer[at + 2] = yAverage + dyN * n2;
      buffer[at + 3] = buffer[at + 3]! + other[otherAt + 3]! + dx * dyN * n1 * n2;
      if (!hasSecondMoments) return;
      buffer[at + 4] = buffer[at + 4]! + other[otherAt + 4]! + dx * dxN * n1 * n2;
      buffer[at + 5] = buffer[at + 5]! + other[otherAt + 5]! + dy * dyN * n1 * n2;
    },
    result(values, at): InternalValue {
      const buffer = values as Numbers;
      return buffer[at] === 0
        ? null
        : result(
            buffer[at]!,
            buffer[at + 3]!,
            buffer[at + 4] ?? 0,
            buffer[at + 5] ?? 0,
            buffer[at + 1]!,
            buffer[at + 2]!,
          );
    },
  };
}

interface Statistic {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly example: readonly [string, string];
  readonly aggregate: AggregateFunction | ((site: BindSite) => AggregateFunction);
}

function statistic(columns: 1 | 2, { name, aliases = [], summary, example, aggregate }: Statistic): FunctionDefinition {
  return {
    name,
    aliases,
    group: 'aggregate',
    summary,
    usage: columns === 1 ? `${name}(expr)` : `${name}(expr1, expr2)`,
    examples: [example],
    resolve: takes(name, columns === 1 ? ['double'] : ['double', 'double'], 'double', { nullable: true }),
    body: { kind: 'aggregate', bind: typeof aggregate === 'function' ? aggregate : () => aggregate },
  };
}

const sampled = (n: number, sum: number): number | null => (n === 1 ? null : sum / (n - 1));
const root = (value: number | null): number | null => (value === null ? null : Math.sqrt(value));

/** Variance and its relatives, skewness, kurtosis, covariance, correlation. */
export const momentFunctions: readonly FunctionDefinition[] = [
  statistic(1, {
    name: 'stddev',
    aliases: ['std', 'stddev_samp'],
    summary: 'Standard deviation of a sample; null for fewer than two values.',
    example: ['stddev(x) FROM VALUES 1, 2, 3', '1.0'],
    aggregate: centralMoments(2, (n, m2) => root(sampled(n, m2))),
  }),
  statistic(1, {
    name: 'stddev_pop',
    summary: 'Standard deviation of a whole population.',
    example: ['stddev_pop(x) FROM VALUES 1, 3', '1.0'],
    aggregate: centralMoments(2, (n, m2) => Math.sqrt(m2 / n)),
  }),
  statistic(1, {
    name: 'variance',
    aliases: ['var_samp'],
    summary: 'Variance of a sample; null for fewer than two values.',
    example: ['variance(x) FROM VALUES 1, 2, 3', '1.0'],
    aggregate: centralMoments(2, (n, m2) => sampled(n, m2)),
  }),
  statistic(1, {
    name: 'var_pop',
    summary: 'Variance of a whole population.',
    example: ['var_pop(x) FROM VALUES 1, 3', '1.0'],
    aggregate: centralMoments(2, (n, m2) => m2 / n),
  }),
  statistic(1, {
    name: 'skewness',
    summary: 'Skewness; null when all values are equal.',
    example: ['skewness(x) FROM VALUES 1, 2, 3', '0.0'],
    aggregate: centralMoments(3, (n, m2, m3) => (m2 === 0 ? null : (Math.sqrt(n) * m3) / Math.sqrt(m2 * m2 * m2))),
  }),
  statistic(1, {
    name: 'kurtosis',
    summary: 'Excess kurtosis; null when all values are equal.',
    example: ['kurtosis(x) FROM VALUES 1, 2, 3', '-1.5'],
    aggregate: centralMoments(4, (n, m2, _m3, m4) => (m2 === 0 ? null : (n * m4) / (m2 * m2) - 3)),
  }),
  statistic(2, {
    name: 'covar_samp',
    summary: 'Covariance of a sample of pairs.',
    example: ['covar_samp(x, y) FROM VALUES (1, 1), (2, 2), (3, 3)', '1.0'],
    aggregate: coMoments(false, (n, ck) => sampled(n, ck)),
  }),
  statistic(2, {
    name: 'covar_pop',
    summary: 'Covariance of a whole population of pairs.',
    example: ['covar_pop(x, y) FROM VALUES (1, 1), (3, 3)', '1.0'],
    aggregate: coMoments(false, (n, ck) => ck / n),
  }),
  statistic(2, {
    name: 'corr',
    summary: "Pearson's correlation; null for a single pair.",
    example: ['corr(x, y) FROM VALUES (1, 2), (2, 4), (3, 6)', '1.0'],
    aggregate: ({ ansi }) =>
      coMoments(true, (n, ck, xMk, yMk) => {
        if (n === 1) return null;
        const root2 = Math.sqrt(xMk * yMk);
        if (root2 !== 0) return ck / root2;
        return ansi ? raise('DIVIDE_BY_ZERO', {}) : null;
      }),
  }),
];
