'use strict';
// W6 for Node clients. usage: node latency.cjs <kafkajs|lean> <topic> <intervalMs> <warmS> <runS> ; intervalMs 0 = emit as fetched
const [peer, topic, iv = '0', warm = '8', dur = '25'] = process.argv.slice(2); const interval = +iv; let lat = [], buf = [];
const emit = () => { const now = Date.now(); for (const t of buf) lat.push(now - t); buf = []; };
if (interval) { let next = Date.now() + interval; const tick = () => { emit(); next += interval; setTimeout(tick, Math.max(0, next - Date.now())); }; setTimeout(tick, interval); }
setTimeout(() => { lat = []; }, +warm * 1e3); setTimeout(() => { lat.sort((a, b) => a - b); const q = p => lat[Math.min(lat.length - 1, Math.floor(lat.length * p))];
  console.log(JSON.stringify({ peer, workload: 'W6', intervalMs: interval, samples: lat.length, p50: q(.5), p99: q(.99), max: lat[lat.length - 1] })); process.exit(0); }, (+warm + +dur) * 1e3);
(async () => {
  if (peer === 'kafkajs') { const { Kafka, logLevel } = require('kafkajs'); const c = new Kafka({ brokers: [process.env.BS || '127.0.0.1:19092'], logLevel: logLevel.ERROR }).consumer({ groupId: 'perf-lat-' + Date.now(), maxWaitTimeInMs: 50, minBytes: 1 });
    await c.connect(); await c.subscribe({ topics: [topic], fromBeginning: false });
    await c.run({ autoCommit: false, partitionsConsumedConcurrently: 2, eachBatch: async ({ batch }) => { for (const m of batch.messages) if (m.value.toString().includes('ERROR')) buf.push(+m.timestamp); if (!interval) emit(); } });
  } else { const { Fetcher, Columns, decode } = require('./fetcher.cjs'); const f = new Fetcher({ topic, partitions: [0, 1] }); await f.ready(); await f.seekToEnd(); const cols = new Columns();
    f.send(); for (;;) { const rs = await f.fetch(); f.send(); for (const r of rs) { if (r.end <= r.start) continue; cols.n = 0; decode(r.buf, r.start, r.end, cols); for (let i = 0; i < cols.n; i++) if (r.buf.latin1Slice(cols.vOff[i], cols.vOff[i] + cols.vLen[i]).includes('ERROR')) buf.push(cols.ts[i]); } if (!interval) emit(); } }
})().catch(e => { console.error(e); process.exit(1); });
