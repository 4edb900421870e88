'use strict';
// Does a second core help? usage: node workers.cjs <kafkajs|lean> <1|2> <topic> <records> [compute] ; ADS=tsv for W5
// kafkajs: each worker consumes its share of the group, packs values into one transferable buffer per batch, main runs the compute.
// lean: each worker fetches its partitions and runs the compute itself, main only sums.
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads'); const fs = require('fs');
const { mk } = require('./compute.cjs');
const loadAds = () => new Map(process.env.ADS ? fs.readFileSync(process.env.ADS, 'utf8').trim().split('\n').map(l => l.split('\t')) : []);
if (isMainThread) {
  const [peer, nw, topic, want, what = 'none'] = process.argv.slice(2); let n = 0, t0 = 0, c0, ready = 0; const op = mk[what](loadAds()); const group = 'perf-w-' + Date.now(); const results = [];
  const cols = { n: 0, vOff: null, vLen: null };
  const fin = () => { const s = (performance.now() - t0) / 1e3, c = process.cpuUsage(c0); console.log(JSON.stringify({ peer: peer + '-workers', workers: +nw, compute: what, records: n, seconds: +s.toFixed(2), recsPerSec: Math.round(n / s), cpuSeconds: +((c.user + c.system) / 1e6).toFixed(2), recsPerCpuSec: Math.round(n / ((c.user + c.system) / 1e6)), result: peer === 'lean' ? results : op.result() })); process.exit(0); };
  const ws = [...Array(+nw)].map((_, i) => { const parts = +nw === 1 ? [0, 1] : [i]; const w = new Worker(__filename, { workerData: { peer, topic, parts, group, what, want: +want / nw } });
    w.on('message', m => { if (m.ready) { if (++ready === +nw) { t0 = performance.now(); c0 = process.cpuUsage(); ws.forEach(x => x.postMessage('go')); } return; }
      if (m.done) { n += m.n; results.push(m.result); if (results.length === +nw) fin(); return; }
      cols.n = m.n; cols.vOff = m.off; cols.vLen = m.len; op.run(Buffer.from(m.data), cols, 0, m.data.byteLength); n += m.n; if (n >= +want) fin(); }); return w; });
} else if (workerData.peer === 'lean') {
  const { Fetcher, Columns, decode } = require('./fetcher.cjs');
  (async () => { const f = new Fetcher({ topic: workerData.topic, partitions: workerData.parts, maxBytes: 2 << 20 }); await f.ready(); parentPort.postMessage({ ready: true }); await new Promise(r => parentPort.once('message', r));
    const cols = new Columns(), op = mk[workerData.what](loadAds()); let n = 0; f.send(); while (n < workerData.want) { const rs = await f.fetch(); f.send(); for (const r of rs) { if (r.end <= r.start) continue; cols.n = 0; decode(r.buf, r.start, r.end, cols); op.run(r.buf, cols, r.start, r.end); n += cols.n; } }
    parentPort.postMessage({ done: true, n, result: op.result() }); f.close(); })();
} else {
  (async () => { const { Kafka, logLevel } = require('kafkajs'); const c = new Kafka({ brokers: [process.env.BS || '127.0.0.1:19092'], logLevel: logLevel.NOTHING }).consumer({ groupId: workerData.group, maxBytesPerPartition: 4 << 20, maxBytes: 16 << 20, maxWaitTimeInMs: 200 });
    let gone = false; const go = () => { gone = true; }; await c.connect(); await c.subscribe({ topics: [workerData.topic], fromBeginning: true });
    let joined = false; c.on(c.events.GROUP_JOIN, e => { const n = Object.values(e.payload.memberAssignment).flat().length; if (!joined && n === workerData.parts.length) { joined = true; parentPort.postMessage({ ready: true }); } }); parentPort.once('message', go);
    await c.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 2, eachBatch: async ({ batch, resolveOffset, heartbeat }) => { if (!gone) { await new Promise(r => setTimeout(r, 50)); await heartbeat(); return; } const ms = batch.messages; resolveOffset(batch.lastOffset()); let sz = 0; for (let i = 0; i < ms.length; i++) sz += ms[i].value.length;
      const data = Buffer.allocUnsafeSlow(sz), off = new Int32Array(ms.length), len = new Int32Array(ms.length); let o = 0; for (let i = 0; i < ms.length; i++) { const v = ms[i].value; data.set(v, o); off[i] = o; len[i] = v.length; o += v.length; }
      parentPort.postMessage({ n: ms.length, data: data.buffer, off, len }, [data.buffer, off.buffer, len.buffer]); } }); })();
}
