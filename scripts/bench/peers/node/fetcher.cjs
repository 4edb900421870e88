'use strict';
// Lean Kafka reader: Fetch v4 straight over TCP, one request in flight ahead of the decoder, no per-record objects.
const net = require('net');
const [HOST, PORT] = (process.env.BS || '127.0.0.1:19092').split(':');

class Fetcher {
  constructor({ host = HOST, port = +PORT, topic, partitions, maxBytes = 4 << 20 }) {
    this.topic = topic; this.maxBytes = maxBytes; this.corr = 1; this.waiting = null;
    this.next = new Map(partitions.map(p => [p, 0n]));
    this.buf = Buffer.allocUnsafeSlow(maxBytes * 2 * partitions.length + (1 << 20)); this.alt = Buffer.allocUnsafeSlow(this.buf.length); this.have = 0; this.need = -1;
    const rb = Buffer.allocUnsafeSlow(1 << 20);
    this.sock = net.connect({ host, port, onread: { buffer: rb, callback: (n, b) => { this.onData(b, n); return true; } } });
    this.sock.setNoDelay(true);
  }
  ready() { return new Promise((r, j) => { this.sock.once('connect', r); this.sock.once('error', j); }); }
  send() {
    const t = Buffer.from(this.topic), ps = [...this.next];
    const b = Buffer.alloc(4 + 8 + 2 + 2 + 17 + 4 + 2 + t.length + 4 + ps.length * 16); let o = 4;
    b.writeInt16BE(1, o); b.writeInt16BE(4, o + 2); b.writeInt32BE(this.corr++, o + 4); o += 8;
    b.writeInt16BE(2, o); b.write('mr', o + 2); o += 4;
    b.writeInt32BE(-1, o); b.writeInt32BE(500, o + 4); b.writeInt32BE(1, o + 8); b.writeInt32BE(0x7fffffff, o + 12); b.writeInt8(0, o + 16); o += 17;
    b.writeInt32BE(1, o); b.writeInt16BE(t.length, o + 4); t.copy(b, o + 6); o += 6 + t.length;
    b.writeInt32BE(ps.length, o); o += 4;
    for (const [p, off] of ps) { b.writeInt32BE(p, o); b.writeBigInt64BE(off, o + 4); b.writeInt32BE(this.maxBytes, o + 12); o += 16; }
    b.writeInt32BE(o - 4, 0); this.sock.write(b.subarray(0, o));
  }
  onData(src, n) {
    src.copy(this.buf, this.have, 0, n); this.have += n;
    if (this.need < 0 && this.have >= 4) this.need = this.buf.readInt32BE(0) + 4;
    if (this.need > 0 && this.have >= this.need) {
      const full = this.buf.subarray(0, this.need); this.buf = this.alt; this.alt = full.length ? Buffer.from(full.buffer, full.byteOffset, full.buffer.byteLength) : this.alt; this.have = 0; this.need = -1;
      if (this.waiting) { const w = this.waiting; this.waiting = null; w(full); } else this.stash = full;
    }
  }
  // resolves with [{partition, buf, start, end, count}] and already has the next request on the wire
  async fetch() {
    let r;
    if (this.stash) { r = this.stash; this.stash = null; } else r = await new Promise(w => { this.waiting = w; });
    let o = 8 + 4, nt = r.readInt32BE(o); o += 4; const out = [];
    for (let i = 0; i < nt; i++) {
      o += 2 + r.readInt16BE(o); const np = r.readInt32BE(o); o += 4;
      for (let j = 0; j < np; j++) {
        const p = r.readInt32BE(o), err = r.readInt16BE(o + 4); o += 22; if (err) throw new Error('fetch error ' + err);
        const ab = r.readInt32BE(o); o += 4 + Math.max(0, ab) * 16; const len = r.readInt32BE(o); o += 4;
        let q = o, end = o + Math.max(0, len), last = -1n;
        while (q + 61 <= end) { const bl = r.readInt32BE(q + 8) + 12; if (q + bl > end) break; last = r.readBigInt64BE(q) + BigInt(r.readInt32BE(q + 23)); q += bl; }
        if (last >= 0n) this.next.set(p, last + 1n);
        out.push({ partition: p, buf: r, start: o, end: q }); o = end;
      }
    }
    return out;
  }
  // ListOffsets v1 with timestamp -1: start at the end of each partition
  async seekToEnd() {
    const t = Buffer.from(this.topic), ps = [...this.next.keys()], b = Buffer.alloc(12 + 4 + 4 + 4 + 2 + t.length + 4 + ps.length * 12); let o = 4;
    b.writeInt16BE(2, o); b.writeInt16BE(1, o + 2); b.writeInt32BE(this.corr++, o + 4); o += 8; b.writeInt16BE(2, o); b.write('mr', o + 2); o += 4;
    b.writeInt32BE(-1, o); b.writeInt32BE(1, o + 4); b.writeInt16BE(t.length, o + 8); t.copy(b, o + 10); o += 10 + t.length; b.writeInt32BE(ps.length, o); o += 4;
    for (const p of ps) { b.writeInt32BE(p, o); b.writeBigInt64BE(-1n, o + 4); o += 12; }
    b.writeInt32BE(o - 4, 0); this.sock.write(b.subarray(0, o));
    const r = await new Promise(w => { this.waiting = w; }); let q = 8 + 4 + 2 + t.length, n = r.readInt32BE(q); q += 4;
    for (let i = 0; i < n; i++) { this.next.set(r.readInt32BE(q), r.readBigInt64BE(q + 14)); q += 22; }
  }
  close() { this.sock.destroy(); }
}

// Columns for one fetch response: offsets into the response buffer, nothing allocated per record.
class Columns {
  constructor(cap = 1 << 17) { this.grow(cap); this.n = 0; }
  grow(cap) { const c = (T, a) => { const x = new T(cap); if (a) x.set(a); return x; };
    this.vOff = c(Int32Array, this.vOff); this.vLen = c(Int32Array, this.vLen); this.kOff = c(Int32Array, this.kOff); this.kLen = c(Int32Array, this.kLen); this.ts = c(Float64Array, this.ts); this.cap = cap; }
}

function decode(buf, start, end, cols) {
  let n = cols.n, q = start;
  while (q + 61 <= end) {
    const batchEnd = q + 12 + buf.readInt32BE(q + 8);
    if (batchEnd > end) break;
    const baseTs = buf.readUInt32BE(q + 27) * 4294967296 + buf.readUInt32BE(q + 31), count = buf.readInt32BE(q + 57);
    let p = q + 61;
    if (n + count > cols.cap) cols.grow(Math.max(cols.cap * 2, n + count));
    const { vOff, vLen, kOff, kLen, ts } = cols;
    for (let i = 0; i < count; i++) {
      let b = buf[p++], len = b & 127, s = 7;
      while (b & 128) { b = buf[p++]; len |= (b & 127) << s; s += 7; }
      const recEnd = p + (len >>> 1);
      p++; // attributes
      b = buf[p++]; let td = b & 127, m = 128;
      while (b & 128) { b = buf[p++]; td += (b & 127) * m; m *= 128; }
      ts[n] = baseTs + (td % 2 ? -(td + 1) / 2 : td / 2);
      while (buf[p++] & 128); // offset delta
      b = buf[p++]; len = b & 127; s = 7; while (b & 128) { b = buf[p++]; len |= (b & 127) << s; s += 7; }
      let l = (len >>> 1) ^ -(len & 1); kOff[n] = p; kLen[n] = l; if (l > 0) p += l;
      b = buf[p++]; len = b & 127; s = 7; while (b & 128) { b = buf[p++]; len |= (b & 127) << s; s += 7; }
      l = (len >>> 1) ^ -(len & 1); vOff[n] = p; vLen[n] = l; n++;
      p = recEnd;
    }
    q = batchEnd;
  }
  cols.n = n; return n;
}
module.exports = { Fetcher, Columns, decode };
