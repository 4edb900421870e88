'use strict';
// usage: node drain.cjs <kafkajs|kafkajs-json|kafkajs-w1> <topic> <records> [partitions csv]
const [peer, topic, want = '4000000', parts] = process.argv.slice(2); const N = +want; const BS = process.env.BS || '127.0.0.1:19092';
let n = 0, t0 = 0, c0, extra = 0;
const begin = () => { if (!t0) { t0 = performance.now(); c0 = process.cpuUsage(); } };
function done() { const s = (performance.now() - t0) / 1e3, c = process.cpuUsage(c0), m = process.memoryUsage(); const cs = (c.user + c.system) / 1e6;
  console.log(JSON.stringify({ peer, workload: 'drain:' + topic, records: n, seconds: +s.toFixed(2), recsPerSec: Math.round(n / s), cpuSeconds: +cs.toFixed(2), recsPerCpuSec: Math.round(n / cs), rssMB: m.rss >> 20, extra }));
  if (!process.env.PROF) process.exit(0); }
async function kjs() {
  const { Kafka, logLevel } = require('kafkajs');
  const k = new Kafka({ brokers: [BS], logLevel: logLevel.ERROR });
  const c = k.consumer({ groupId: 'perf-kjs-' + process.pid + '-' + Date.now(), maxBytesPerPartition: 4 << 20, maxBytes: 16 << 20, maxWaitTimeInMs: 200 });
  await c.connect(); await c.subscribe({ topics: [topic], fromBeginning: true });
  c.on(c.events.GROUP_JOIN, begin); let fin = false;
  const json = peer === 'kafkajs-json', w1 = peer === 'kafkajs-w1';
  await c.run({ autoCommit: false, eachBatchAutoResolve: true, partitionsConsumedConcurrently: 2, eachBatch: async ({ batch }) => {
    const ms = batch.messages; if (json) for (let i = 0; i < ms.length; i++) { const e = JSON.parse(ms[i].value.toString()); if (e.event_type === 'view') extra++; }
    else if (w1) for (let i = 0; i < ms.length; i++) if (ms[i].value.toString().includes('ERROR')) extra++;
    n += ms.length; if (n >= N && !fin) { fin = true; done(); if (process.env.PROF) setImmediate(() => process.exit(0)); } } });
}
kjs().catch(e => { console.error(e); process.exit(1); });
