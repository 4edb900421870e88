import { describe, expect, it } from '@jest/globals';
import { col, count, expr, fromJson, sessionWindow, window } from '../../../lib/functions.ts';
import { explainPlan } from '../../../lib/structured/analyzer/explain.ts';
import type { DataFrame } from '../../../lib/structured/data-frame.ts';
import { newSession, streamOf, withSmallIds } from '../frames.ts';

function explained(frame: DataFrame, extended = false): string {
  return withSmallIds(explainPlan(frame.plan, frame.sessionState, extended));
}

describe('explain', () => {
  it('shows the stages of a plan, and where the watermark is used', () => {
    const frame = streamOf(newSession(), 'key BINARY, value BINARY')
      .select(fromJson(col('value').cast('string'), 'k STRING, t TIMESTAMP').alias('data'))
      .select('data.*')
      .withWatermark('t', '1 minute')
      .where("k = 'a'")
      .groupBy(window('t', '1 minute'), 'k')
      .count();
    expect(explained(frame, true)).toBe(`== Parsed Logical Plan ==
'Aggregate ['window(t, 1 minute), 'k], ['count(1) AS count]
+- 'Filter '(k = a)
   +- 'EventTimeWatermark t, 1 minute
      +- 'Project ['data.*]
         +- 'Project ['from_json(CAST(value AS STRING)) AS data]
            +- StreamingRelation memory

== Analyzed Logical Plan ==
window: struct<start:timestamp,end:timestamp>, k: string, count: bigint
Aggregate [window#1-T60000ms, k#2], [count(1) AS count#3], state: cleaned by the watermark of window#1
+- Project [k#2, t#4-T60000ms, time_window(t#4, 60000000, 60000000, 0, 0) AS window#1-T60000ms]
   +- Filter (t#4 IS NOT NULL)
      +- Filter (k#2 = a)
         +- EventTimeWatermark t#4, 60000 ms
            +- Project [data#5.k AS k#2, data#5.t AS t#4]
               +- Project [from_json(CAST(value#6 AS STRING)) AS data#5]
                  +- StreamingRelation memory[key#7, value#6]

== Optimized Logical Plan ==
Aggregate [window#1-T60000ms, k#2], [count(1) AS count#3], state: cleaned by the watermark of window#1
+- Project [k#2, time_window(t#4, 60000000, 60000000, 0, 0) AS window#1-T60000ms]
   +- Filter (t#4 IS NOT NULL)
      +- EventTimeWatermark t#4, 60000 ms
         +- Project [data#5.k AS k#2, data#5.t AS t#4]
            +- Filter (data#5.k = a)
               +- Project [from_json(CAST(value#6 AS STRING)) AS data#5]
                  +- StreamingRelation memory[value#6]

== Physical Plan ==
StateStoreSave(keys=[window#1-T60000ms, k#2], functions=[count(1) AS count#3]), state: dropped as late and cleaned when the watermark reaches the end of window#1
+- *(1) Project [k#2, time_window(t#4, 60000000, 60000000, 0, 0) AS window#1-T60000ms]
   +- *(1) Filter (t#4 IS NOT NULL)
      +- *(1) EventTimeWatermark t#4, 60000 ms
         +- *(1) Project [data#5.k AS k#2, data#5.t AS t#4]
            +- *(1) Filter (data#5.k = a)
               +- *(1) Project [from_json(CAST(value#6 AS STRING)) AS data#5]
                  +- MicroBatchScan [value#6] memory
`);
  });

  it.each<readonly [string, (f: DataFrame, g: DataFrame) => DataFrame, string]>([
    [
      'state that nothing cleans',
      (f) => f.groupBy('k').count(),
      'StateStoreSave(keys=[k#1], functions=[count(1) AS count#2]), state: kept for ever, no key is an event time',
    ],
    [
      'a session',
      (f) => f.withWatermark('t', '1 second').groupBy(sessionWindow('t', '5 seconds'), 'k').agg(count('*')),
      'SessionWindowStateStoreSave(keys=[session_window#1-T1000ms, k#2], functions=[count(1) AS count(1)#3]), state: dropped as late and cleaned when the watermark reaches the end of session_window#1',
    ],
    [
      'duplicates',
      (f) => f.withWatermark('t', '1 second').dropDuplicates(['k', 't']),
      'StreamingDeduplicate [k#1, t#2-T1000ms], state: dropped as late and cleaned when the watermark reaches t#2',
    ],
    [
      'duplicates within a watermark',
      (f) => f.withWatermark('t', '1 second').dropDuplicatesWithinWatermark(['k']),
      'StreamingDeduplicateWithinWatermark [k#1], state: a key is kept for the delay after its first time',
    ],
    [
      'a join of streams without watermarks',
      (f, g) => f.join(g, expr('k = k2')),
      'StreamingSymmetricHashJoin Inner, (k#1 = k2#2), state: kept for ever, no side has a watermark',
    ],
    [
      'a join of streams',
      (f, g) => f.withWatermark('t', '1 second').join(g, expr('k = k2')),
      'StreamingSymmetricHashJoin Inner, (k#1 = k2#2), state: rows are dropped as late and cleaned by the watermark of t#3',
    ],
    ['a limit', (f) => f.limit(3), 'StreamingGlobalLimit 3, state: the number of rows so far'],
    [
      'a function with state',
      (f) =>
        f
          .withWatermark('t', '1 second')
          .groupBy('k')
          .flatMapGroupsWithState(() => [], {
            outputSchema: 'n INT',
            stateSchema: 'n INT',
            outputMode: 'append',
            timeout: 'NoTimeout',
          }),
      'FlatMapGroupsWithState [k#1], [n#2], append, NoTimeout, rows are dropped as late by the watermark of t#3',
    ],
  ])('names the operator and what cleans it: %s', (_, build, line) => {
    const spark = newSession();
    const text = explained(build(streamOf(spark, 'k STRING, t TIMESTAMP'), streamOf(spark, 'k2 STRING')));
    expect(text.split('\n')[1]).toBe(line);
  });

  it('draws the inputs of a join', () => {
    const spark = newSession();
    const frame = streamOf(spark, 'id INT').join(spark.createDataFrame([[1, 'a']], 'id INT, name STRING'), 'id');
    expect(explained(frame)).toBe(`== Physical Plan ==
*(3) Project [id#1, name#2]
+- BroadcastHashJoin Inner, (id#1 = id#3)
   :- *(1) Filter (id#1 IS NOT NULL)
   :  +- MicroBatchScan [id#1] memory
   +- *(2) Filter (id#3 IS NOT NULL)
      +- LocalTableScan [id#3, name#2]
`);
  });
});
