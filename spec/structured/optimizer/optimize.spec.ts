import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { optimize } from '../../../lib/structured/optimizer/optimize.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import type { Session } from '../../../lib/structured/session.ts';
import { col, expr, explode, lit, split, sum, count, udf, upper, when, window } from '../../../lib/functions.ts';
import { newSession, planText, streamOf } from '../frames.ts';
import { runPlan } from '../run-plan.ts';

const site = { ansi: true, timeZone: 'UTC' };

/** Rows as a set: an optimizer may give them in another order. */
function asSet(rows: readonly unknown[]): readonly string[] {
  return rows
    .map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)))
    .toSorted();
}

interface Step {
  readonly name: string;
  readonly apply: (frame: DataFrame, other: DataFrame) => DataFrame;
}

/** Steps that any frame with the columns k, v, w, t takes, and that give these columns again. */
const steps: readonly Step[] = [
  { name: 'v > 1', apply: (f) => f.where('v > 1') },
  { name: 'k is a or null', apply: (f) => f.where("k = 'a' OR k IS NULL") },
  { name: 'always', apply: (f) => f.where('1 = 1 AND v IS NOT NULL') },
  { name: 'never', apply: (f) => f.where('v > 1 AND 1 > 2') },
  { name: 'null condition', apply: (f) => f.where('CAST(null AS BOOLEAN) OR w > 2') },
  { name: 'computed v', apply: (f) => f.withColumn('v', col('v').plus(1)) },
  { name: 'computed twice', apply: (f) => f.withColumn('v', expr('v * 2')).withColumn('w', expr('v + w')) },
  { name: 'swap', apply: (f) => f.selectExpr('k', 'w AS v', 'v AS w', 't') },
  { name: 'case', apply: (f) => f.withColumn('v', when(col('w').gt(1), col('v')).otherwise(0)) },
  { name: 'struct', apply: (f) => f.selectExpr('struct(k, v) AS s', 'w', 't').selectExpr('s.k', 's.v', 'w', 't') },
  { name: 'explode', apply: (f) => f.select('k', 'v', 'w', explode(split('t', ',')).alias('t')) },
  { name: 'distinct', apply: (f) => f.distinct() },
  { name: 'first of k', apply: (f) => f.dropDuplicates(['k', 'v', 'w', 't']) },
  {
    name: 'aggregate',
    apply: (f) =>
      f
        .groupBy('k', 't')
        .agg(sum('v').cast('int').alias('v'), count('*').cast('int').alias('w'))
        .select('k', 'v', 'w', 't'),
  },
  {
    name: 'having',
    apply: (f) =>
      f
        .groupBy('k', 't')
        .agg(sum('v').cast('int').alias('v'), lit(1).alias('w'))
        .where("k = 'a'")
        .select('k', 'v', 'w', 't'),
  },
  { name: 'union', apply: (f, o) => f.union(o) },
  { name: 'union by name', apply: (f, o) => f.unionByName(o.select('w', 'k', 't', 'v')) },
  {
    name: 'inner join',
    apply: (f, o) =>
      f
        .join(o.select(col('k').alias('k2'), col('v').alias('v2')), expr('k = k2 AND v > 0 AND v2 < 3'))
        .drop('k2', 'v2'),
  },
  {
    name: 'using',
    apply: (f, o) =>
      f
        .join(o.select('k', col('v').alias('x')), 'k')
        .drop('x')
        .select('k', 'v', 'w', 't'),
  },
  {
    name: 'left join',
    apply: (f, o) =>
      f
        .join(o.select(col('k').alias('k2'), col('v').alias('v2')), expr('k = k2 AND v2 > 1'), 'left')
        .where('v2 IS NULL OR w > 0')
        .drop('k2', 'v2'),
  },
  {
    name: 'right join',
    apply: (f, o) => f.select(col('k').alias('k2')).distinct().join(o, expr('k = k2 AND v > 1'), 'right').drop('k2'),
  },
  {
    name: 'full join',
    apply: (f, o) =>
      f
        .join(o.select(col('k').alias('k2'), col('v').alias('v2')).distinct(), expr('k = k2'), 'full')
        .where('v > 0 OR v2 > 0')
        .drop('k2', 'v2'),
  },
  {
    name: 'semi join',
    apply: (f, o) =>
      f.join(o.select(col('k').alias('k2'), col('v').alias('v2')), expr('k = k2 AND v2 > 1 AND w > 0'), 'left_semi'),
  },
  {
    name: 'anti join',
    apply: (f, o) =>
      f.join(o.select(col('k').alias('k2'), col('v').alias('v2')), expr('k = k2 AND v2 > 1'), 'left_anti'),
  },
  {
    name: 'cross and where',
    apply: (f, o) =>
      f
        .crossJoin(o.select(col('k').alias('k2')).distinct())
        .where('k = k2')
        .drop('k2'),
  },
  { name: 'self join', apply: (f) => f.join(f.select(col('k').alias('kk')).distinct(), expr('k <=> kk')).drop('kk') },
  { name: 'except', apply: (f, o) => f.subtract(o) },
  { name: 'intersect', apply: (f, o) => f.intersectAll(o) },
  { name: 'fill', apply: (f) => f.fillna({ v: 7, k: 'x' }) },
  { name: 'drop nulls', apply: (f) => f.dropna({ subset: ['k', 'v'] }) },
  { name: 'sorted', apply: (f) => f.orderBy('k', 'v', 'w', 't') },
  { name: 'sorted by what is dropped', apply: (f) => f.select('*', expr('v + w AS z')).orderBy('z').drop('z') },
  { name: 'top', apply: (f) => f.orderBy(col('v').desc(), 'w', 'k', 't').limit(4) },
  { name: 'guarded division', apply: (f) => f.where('w <> 0').where('v / w >= 0') },
  { name: 'udf', apply: (f) => f.withColumn('t', udf((t) => String(t), 'string')(col('t'))).where("t <> 'zz'") },
  {
    name: 'rollup',
    apply: (f) => f.rollup('k', 't').agg(sum('v').cast('int').alias('v'), lit(2).alias('w')).select('k', 'v', 'w', 't'),
  },
];

function start(spark: Session, rows: readonly unknown[]): DataFrame {
  return spark.createDataFrame(rows, 'k STRING, v INT, w INT, t STRING');
}

const row = fc.tuple(
  fc.constantFrom('a', 'b', null),
  fc.constantFrom(0, 1, 2, 3, null),
  fc.constantFrom(0, 1, 2, null),
  fc.constantFrom('x', 'x,y', null),
);

describe('optimize', () => {
  it('gives the rows of the plan as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 6 }),
        fc.array(row, { maxLength: 4 }),
        fc.array(fc.nat({ max: steps.length - 1 }), { minLength: 1, maxLength: 5 }),
        async (left, right, chosen) => {
          const spark = newSession();
          const other = start(spark, right);
          const frame = chosen.reduce((f, i) => steps[i]?.apply(f, other) ?? f, start(spark, left));
          const plan = frame.resolvedPlan;
          const optimized = optimize(plan, site);
          expect(optimized.output.map(({ name, id }) => [name, id])).toEqual(
            plan.output.map(({ name, id }) => [name, id]),
          );
          expect(asSet(await runPlan(optimized))).toEqual(asSet(await runPlan(plan)));
        },
      ),
      { numRuns: 120 },
    );
  }, 60_000);

  it.each<readonly [string, (f: DataFrame, g: DataFrame) => DataFrame, string]>([
    [
      'a filter that does not mention the event time sinks below the watermark',
      (f) => f.withWatermark('ts', '10 seconds').where('v > 5'),
      'EventTimeWatermark ts#1, 10000 ms\n+- Filter (v#2 > 5)\n   +- StreamingRelation memory[k#3, v#2, ts#1]',
    ],
    [
      'a filter on the event time stays above',
      (f) => f.withWatermark('ts', '10 seconds').where('ts IS NOT NULL'),
      'Filter (ts#1 IS NOT NULL)\n+- EventTimeWatermark ts#1, 10000 ms\n   +- StreamingRelation memory[k#2, v#3, ts#1]',
    ],
    [
      'a filter on a computed column sinks below the watermark too',
      (f) =>
        f
          .withWatermark('ts', '10 seconds')
          .select(upper(col('k')).alias('kk'), 'ts')
          .where("kk = 'A'"),
      'Project [upper(k#1) AS kk#2, ts#3-T10000ms]\n+- EventTimeWatermark ts#3, 10000 ms\n   +- Filter (upper(k#1) = A)\n      +- StreamingRelation memory[k#1, ts#3]',
    ],
    [
      'of a condition each part sinks as far as it can',
      (f) => f.withWatermark('ts', '10 seconds').where("v > 5 AND ts > '2024-01-01' AND k = 'a'"),
      "Filter (ts#1 > TIMESTAMP '2024-01-01 00:00:00')\n+- EventTimeWatermark ts#1, 10000 ms\n   +- Filter ((v#2 > 5) AND (k#3 = a))\n      +- StreamingRelation memory[k#3, v#2, ts#1]",
    ],
    [
      'columns that nobody reads are not asked of the source',
      (f) => f.groupBy('k').count(),
      'Aggregate [k#1], [count(1) AS count#2], state: never cleaned\n+- StreamingRelation memory[k#1]',
    ],
    [
      'rows without columns keep one column',
      (f) => f.groupBy().count(),
      'Aggregate [], [count(1) AS count#1], state: never cleaned\n+- StreamingRelation memory[k#2]',
    ],
    [
      'projections become one',
      (f) => f.select('k', col('v').plus(1).alias('a')).select(col('a').multiply(2).alias('b')),
      'Project [((v#1 + 1) * 2) AS b#2]\n+- StreamingRelation memory[v#1]',
    ],
    [
      'what is used twice is computed once',
      (f) =>
        f.select(col('v').plus(1).alias('a')).select(col('a').multiply('a').alias('b'), 'a').select(expr('a + a AS c')),
      'Project [(a#1 + a#1) AS c#2]\n+- Project [(v#3 + 1) AS a#1]\n   +- StreamingRelation memory[v#3]',
    ],
    [
      'an equality above a cross join becomes its condition',
      (f, g) => f.crossJoin(g).where('k = k2').select('v', 'v2'),
      'Project [v#1, v2#2]\n+- StreamingSymmetricHashJoin Inner, (k#3 = k2#4)\n   :- StreamingRelation memory[k#3, v#1]\n   +- StreamingRelation memory[k2#4, v2#2]',
    ],
    [
      'parts of a join condition that read one side filter that side',
      (f, g) => f.join(g, expr('k = k2 AND v > 1 AND v2 > 2')).select('k'),
      'Project [k#1]\n+- StreamingSymmetricHashJoin Inner, (k#1 = k2#2)\n   :- Project [k#1]\n   :  +- Filter (((k#1 IS NOT NULL) AND (v#3 IS NOT NULL)) AND (v#3 > 1))\n   :     +- StreamingRelation memory[k#1, v#3]\n   +- Project [k2#2]\n      +- Filter (((k2#2 IS NOT NULL) AND (v2#4 IS NOT NULL)) AND (v2#4 > 2))\n         +- StreamingRelation memory[k2#2, v2#4]',
    ],
    [
      'the preserved side of an outer join keeps its condition',
      (f, g) => f.join(g, expr('k = k2 AND v > 1'), 'left').select('k'),
      'Project [k#1]\n+- StreamingSymmetricHashJoin LeftOuter, ((k#1 = k2#2) AND (v#3 > 1))\n   :- StreamingRelation memory[k#1, v#3]\n   +- Filter (k2#2 IS NOT NULL)\n      +- StreamingRelation memory[k2#2]',
    ],
    [
      'a constant is computed once, and what cannot fail to be true is left out',
      (f) => f.where('1 + 1 = 2').select(expr('v + (2 * 3) AS x')),
      'Project [(v#1 + 6) AS x#2]\n+- StreamingRelation memory[v#1]',
    ],
    [
      'a constant that fails is left for the rows to fail on',
      (f) => f.select(expr('1 / 0 AS x')),
      'Project [(1.0 / 0.0) AS x#1]\n+- StreamingRelation memory[k#2]',
    ],
    [
      'an event time stays below an operator that drops late rows by it',
      (f) => f.withWatermark('ts', '1 second').dropDuplicates(['k']).select('k'),
      'Project [k#1]\n+- Deduplicate [k#1], state: never cleaned\n   +- EventTimeWatermark ts#2, 1000 ms\n      +- StreamingRelation memory[k#1, ts#2]',
    ],
  ])('%s', (_, build, text) => {
    const spark = newSession();
    expect(
      planText(build(streamOf(spark, 'k STRING, v INT, ts TIMESTAMP'), streamOf(spark, 'k2 STRING, v2 INT'))),
    ).toBe(text);
  });

  it('does not draw random numbers at another place', () => {
    const spark = newSession();
    const frame = streamOf(spark, 'v INT, ts TIMESTAMP')
      .withWatermark('ts', '1 second')
      .where('rand() < 0.5 AND v > 1');
    expect(planText(frame)).toMatch(/^Filter \(\(rand\(.*\) < 0.5\) AND \(v#\d+ > 1\)\)\n\+- EventTimeWatermark/u);
  });

  it('takes a thousand steps, one column each', async () => {
    const spark = newSession();
    let frame = spark.createDataFrame([[1]], 'v INT');
    for (let i = 0; i < 1000; i++) frame = frame.withColumn('v', col('v').plus(1)).withColumn(`c${i % 20}`, col('v'));
    const rows = await runPlan(optimize(frame.select('v').resolvedPlan, site));
    expect(rows).toEqual([[1001]]);
  });

  it('says so when a plan is too deep', () => {
    const spark = newSession();
    let frame = spark.createDataFrame([[1]], 'v INT');
    for (let i = 0; i < 12_000; i++) frame = frame.withColumn(`c${i % 3}`, lit(i));
    expect(() => optimize(frame.resolvedPlan, site)).toThrow(expect.objectContaining({ code: 'QUERY_PLAN_TOO_DEEP' }));
  });

  it('keeps rows of one window of a function of the program', async () => {
    const spark = newSession();
    const frame = spark
      .createDataFrame([['2024-01-01 00:00:03'], ['2024-01-01 00:00:07'], [null]], 't STRING')
      .groupBy(window(col('t').cast('timestamp'), '5 seconds'))
      .count()
      .select('window.start', 'count');
    expect(await runPlan(optimize(frame.resolvedPlan, site))).toHaveLength(2);
  });
});
