import { controlRuns } from '../../lib/batch/run-control.ts';
import { watchProgram, type WatchedProgram } from '../../lib/cli/monitor/watch-program.ts';
import type { Measuring } from '../../lib/kernel/operator-figures.ts';
import { ManualClock, Session, StreamingContext } from '../../lib/index.ts';
import { SourceInput } from '../../lib/streaming/inputs/source-input.ts';
import { MemoryCheckpoints, memoryStream } from '../../lib/testing/index.ts';
import { window } from '../../lib/functions.ts';
import { FakeSource } from '../helpers/fake-source.ts';

/** Text that would do harm if any page took it for markup. */
export const markup = '<script>document.title = "taken"</script>';

/** A watched program with a context over a source with partitions, on a clock of its own. */
export interface StreamProgram {
  readonly watched: WatchedProgram;
  readonly context: StreamingContext;
  readonly clock: ManualClock;
  readonly source: FakeSource;
  /** Adds records, and lets one batch run. */
  batch(...records: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function streamProgram(
  output: (record: string) => void = () => undefined,
  name = 'words',
  topic = 'words',
): Promise<StreamProgram> {
  const clock = new ManualClock(1_700_000_000_000);
  const watched = watchProgram('words.ts', clock);
  const source = new FakeSource({ [`${topic}-0`]: [] });
  const context = new StreamingContext({
    appName: name,
    batchInterval: 1000,
    clock,
    openCheckpoint: new MemoryCheckpoints().open,
  });
  context.checkpoint('memory');
  const words = context.inputStream('fake', (step, slideMs) => new SourceInput(step, slideMs, source));
  words.foreachRDD(async (rdd) => {
    for (const word of await rdd.collect()) output(word);
  });
  words
    .map((word) => [word, 1] as const)
    .updateStateByKey((counts, state: number | null) => (state ?? 0) + counts.length)
    .name('counts')
    .foreachRDD(async (rdd) => {
      await rdd.count();
    });
  await context.start();
  return {
    watched,
    context,
    clock,
    source,
    batch: async (...records) => {
      source.append(`${topic}-0`, ...records);
      await clock.advance(1000);
    },
    close: async () => {
      if (context.getState() === 'ACTIVE') await context.stop();
      watched.close();
    },
  };
}

/** A watched program with a query that counts events by windows of ten seconds, behind a watermark of five. */
export interface QueryProgram {
  readonly watched: WatchedProgram;
  readonly runId: string;
  readonly clock: ManualClock;
  /** Adds events of these keys, at seconds after the beginning, and runs them as one batch. */
  batch(...events: readonly (readonly [key: string, second: number])[]): Promise<void>;
  close(): Promise<void>;
}

/** `measuring`: what somebody looks at from the start on. */
export async function queryProgram(measuring?: Measuring): Promise<QueryProgram> {
  const clock = new ManualClock(1_700_000_000_000);
  const watched = watchProgram('windows.ts', clock);
  const spark = new Session({ clock, config: { 'spark.sql.session.timeZone': 'UTC' } });
  const events = memoryStream(spark, 'k STRING, ts TIMESTAMP');
  const release = measuring === undefined ? () => undefined : controlRuns({ measuring });
  const query = await events
    .toDF()
    .withWatermark('ts', '5 seconds')
    .groupBy(window('ts', '10 seconds'), 'k')
    .count()
    .writeStream.outputMode('update')
    .format('noop')
    .queryName('windows')
    .start();
  release();
  return {
    watched,
    runId: query.runId,
    clock,
    batch: async (...rows) => {
      events.addData(...rows.map(([k, second]) => ({ k, ts: new Date(1_700_000_000_000 + second * 1000) })));
      await query.processAllAvailable();
    },
    close: async () => {
      await query.stop();
      watched.close();
    },
  };
}
