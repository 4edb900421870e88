import path from 'node:path';

import { Session } from 'millrace';
import { col, fromJson, timestampMillis, window } from 'millrace/functions';

import { cacheDir } from '../../kafka/cache-dir.mjs';

/** The table of advertisements that the peers join with, too: `ad<TAB>campaign`. */
const adsFile = path.join(process.env.PEERS_HOME ?? cacheDir('peers'), 'ads.tsv');

/**
 * W5: JSON events, `view` kept, joined with the table of advertisements, counted per campaign and 10 s of event time with a watermark of 1 s.
 *
 * The query is that of the Spark peer. `out` is the sum of the last counts of every window: all views, since none is late.
 */
export const w5 = (at) => ({
  records: at.scaled(3_000_000),
  recordsPerBatch: at.scaled(500_000),
  expected: at.views,
  /** Starts the query; `onProgress` is told every batch. */
  async start({ brokers, prefix, directory, master, recordsPerBatch, onProgress }) {
    const spark = new Session({
      config: { 'spark.sql.session.timeZone': 'UTC', ...(master === undefined ? {} : { 'spark.master': master }) },
    });
    spark.streams.addListener({ onQueryProgress: ({ progress }) => onProgress(progress) });
    const ads = spark.read.option('sep', '\t').schema('ad STRING, campaign STRING').csv(adsFile);
    const counts = new Map();
    const query = await spark.readStream
      .format('kafka')
      .option('kafka.bootstrap.servers', brokers)
      .option('subscribe', `${prefix}events`)
      .option('startingOffsets', 'earliest')
      .option('maxOffsetsPerTrigger', recordsPerBatch)
      .load()
      .select(fromJson(col('value').cast('string'), 'ad_id STRING, event_type STRING, event_time BIGINT').alias('e'))
      .where("e.event_type = 'view'")
      .select(col('e.ad_id').alias('ad'), timestampMillis('e.event_time').alias('t'))
      .join(ads, 'ad')
      .withWatermark('t', '1 second')
      .groupBy(window('t', '10 seconds'), 'campaign')
      .count()
      .writeStream.outputMode('update')
      .foreach((row) => counts.set(`${row.window.start} ${row.campaign}`, row.count))
      .option('checkpointLocation', directory)
      .start();
    return { query, out: () => [...counts.values()].reduce((sum, count) => sum + count, 0) };
  },
});
