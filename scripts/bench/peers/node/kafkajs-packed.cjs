'use strict';
// Prototype: kafkajs keeps the group, metadata, connections and fetch loop; only its per-record decoder is replaced,
// so that one "message" stands for the raw record batches of a whole partition fetch (uncompressed data only here).
// usage: node kafkajs-packed.cjs <topic> <compute> <records> ; ADS=tsv for W5
const id = require.resolve('kafkajs/src/protocol/requests/fetch/v4/decodeMessages');
require.cache[id] = { id, filename: id, loaded: true, exports: async d => {
  const n = d.readInt32(); if (n <= 0 || !d.canReadBytes(n)) return [];
  const buf = d.readBytes(n); let q = 0, last = -1n; while (q + 61 <= n) { const l = buf.readInt32BE(q + 8) + 12; if (q + l > n) break; last = buf.readBigInt64BE(q) + BigInt(buf.readInt32BE(q + 23)); q += l; }
  return last < 0n ? [] : [{ offset: String(last), key: null, value: null, timestamp: '0', isControlRecord: false, batchContext: { inTransaction: false }, packed: buf, end: q }];
} };
const { Kafka, logLevel } = require('kafkajs'); const { Columns, decode } = require('./fetcher.cjs'); const { mk } = require('./compute.cjs'); const fs = require('fs');
const [topic, what = 'none', want = '4000000'] = process.argv.slice(2); const ads = new Map(process.env.ADS ? fs.readFileSync(process.env.ADS, 'utf8').trim().split('\n').map(l => l.split('\t')) : []);
(async () => {
  const c = new Kafka({ brokers: [process.env.BS || '127.0.0.1:19092'], logLevel: logLevel.ERROR }).consumer({ groupId: 'perf-kp-' + Date.now(), maxBytesPerPartition: 2 << 20, maxBytes: 16 << 20, maxWaitTimeInMs: 200 });
  let t0, c0, n = 0; const cols = new Columns(), op = mk[what](ads); await c.connect(); await c.subscribe({ topics: [topic], fromBeginning: true }); c.on(c.events.GROUP_JOIN, () => { t0 = performance.now(); c0 = process.cpuUsage(); });
  await c.run({ autoCommit: false, partitionsConsumedConcurrently: 2, eachBatch: async ({ batch }) => { for (const m of batch.messages) { cols.n = 0; decode(m.packed, 0, m.end, cols); op.run(m.packed, cols, 0, m.end); n += cols.n; }
    if (n >= +want) { const s = (performance.now() - t0) / 1e3, u = process.cpuUsage(c0), cs = (u.user + u.system) / 1e6; console.log(JSON.stringify({ peer: 'kafkajs-packed', compute: what, records: n, seconds: +s.toFixed(2), recsPerSec: Math.round(n / s), cpuSeconds: +cs.toFixed(2), recsPerCpuSec: Math.round(n / cs), result: op.result() })); process.exit(0); } } });
})().catch(e => { console.error(e); process.exit(1); });
