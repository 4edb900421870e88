import type { DataFrame, StreamingQuery } from '../../../lib/index.ts';
import type { WhyQuestion } from '../../../lib/index.ts';
import { bench } from './bench.ts';

/** A row: a key and a second of 2024-01-01; `right` goes to the second stream. */
export type Fed = readonly [key: string | null, second: number, side?: 'right'];

/** Streams `k, ts` and `k2, ts2`, each with a watermark of 5 seconds. */
export type Build = (left: DataFrame, right: DataFrame) => DataFrame;

/** Runs batches through a query, and asks while it runs. */
export async function asked<T>(
  build: Build,
  { mode = 'append', batches, config = {}, checkpoint = 'memory:why' }: WhyScene,
  ask: (query: StreamingQuery) => Promise<T>,
): Promise<T> {
  const { stream } = bench(config);
  const left = stream('k STRING, ts TIMESTAMP');
  const right = stream('k2 STRING, ts2 TIMESTAMP');
  const writer = build(left.toDF().withWatermark('ts', '5 seconds'), right.toDF().withWatermark('ts2', '5 seconds'))
    .writeStream.outputMode(mode)
    .format('noop');
  const query = await (checkpoint === null ? writer : writer.option('checkpointLocation', checkpoint)).start();
  try {
    for (const batch of batches) {
      for (const [k, second, side] of batch) {
        const time = new Date(Date.UTC(2024, 0, 1) + second * 1000).toISOString();
        (side === undefined ? left : right).addData([k, time]);
      }
      await query.processAllAvailable();
    }
    return await ask(query);
  } finally {
    await query.stop();
  }
}

export interface WhyScene {
  readonly mode?: string;
  readonly batches: readonly (readonly Fed[])[];
  readonly config?: Readonly<Record<string, string>>;
  readonly checkpoint?: string | null;
}

/** The text of an answer, by lines, without the day. */
export async function told(build: Build, scene: WhyScene, question: WhyQuestion): Promise<string[]> {
  const { text } = await asked(build, scene, async (query) => await query.why(question));
  return text.replaceAll('2024-01-01 00:', '').split('\n');
}
