// What touching a key of the state costs by the kind of its value, and what a cache of decoded values would change:
//   node scripts/bench/state-values.mjs [--hot 10000] [--rounds 5] [--kinds flat,nested]
// A table of a million keys; each batch touches the hot ones, 40,000 touches in runs as mapWithState makes them, is packed and accepted.
// CPU nanoseconds of a touch, medians of batches and of rounds. Every figure has a process of its own, and they take turns: a busy machine
// changes all of them alike. Needs a build.
//
// look-up        the key is found, its value is neither read nor written
// decode encode  of the value, by the codec alone
// anew           the whole touch with its part of the packing, as it is
// kept           with a cache that hands out the object that was stored last: whoever kept it sees it change. The most that any cache could save
// copied         with a cache that keeps copies and hands out copies, made by code for any value: this keeps the contract
// written out    the same with copies made by code that is written for this very value
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ByteTable, CodecReader, CodecWriter, unchanged } from '../../dist/internals.js';

const { values: options } = parseArgs({
  options: {
    hot: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    kinds: { type: 'string' },
    one: { type: 'string' },
  },
});
const keys = 1_000_000;
const hot = Number(options.hot);
const touches = 40_000;
const keysOfRun = 127;
const batches = 60;
const warmingBatches = 10;
const seen = 1_700_000_000_000;
const slots = 1 << 14;

const flat = (i) => ({ count: 3, lastSeen: seen + i, name: `abc${i % 100}` });
const copyFlat = ({ count, lastSeen, name }) => ({ count, lastSeen, name });
const touchObject = (state, now) => {
  state.count++;
  state.lastSeen = now;
  return state;
};

const kinds = {
  number: { first: (i) => i % 1000, touch: (state) => state + 1 },
  text: { first: (i) => `state ${i % 1000}`, touch: (state) => (state === 'state a' ? 'state b' : 'state a') },
  flat: { first: flat, touch: touchObject, copy: copyFlat },
  'flat in a pair': {
    first: (i) => [flat(i), 0],
    touch: ([state], now) => [touchObject(state, now), 0],
    copy: ([state, at]) => [copyFlat(state), at],
  },
  'ten properties': {
    first: (i) => ({ ...flat(i), id: i, sum: 2.5 * i, open: true, min: 1, max: 300, city: 'Berlin', visits: i & 15 }),
    touch: touchObject,
    copy: ({ count, lastSeen, name, id, sum, open, min, max, city, visits }) => ({
      count,
      lastSeen,
      name,
      id,
      sum,
      open,
      min,
      max,
      city,
      visits,
    }),
  },
  nested: {
    first: (i) => ({
      count: 3,
      lastSeen: seen + i,
      user: { name: `user-${i}`, city: 'Berlin', tags: ['new', 'paid'] },
      pages: [
        ['/start', 3],
        ['/basket', 1],
      ],
    }),
    touch: touchObject,
    copy: ({ count, lastSeen, user, pages }) => ({
      count,
      lastSeen,
      user: { name: user.name, city: user.city, tags: [user.tags[0], user.tags[1]] },
      pages: [
        [pages[0][0], pages[0][1]],
        [pages[1][0], pages[1][1]],
      ],
    }),
  },
};

/** A table that finds rows and leaves their values where they are. */
class FindingTable extends ByteTable {
  valueAt() {
    return 0;
  }
}

/** A table with a cache by row, enough of it for what is measured: nothing is removed or discarded here. */
class CachingTable extends ByteTable {
  hits = 0;
  cachedRows = new Int32Array(slots).fill(-1);
  cached = Array.from({ length: slots });

  copy(value) {
    return value;
  }

  valueAt(address) {
    // The first word of a block is the number of its row.
    const row = this.field(address, 0);
    const slot = row & (slots - 1);
    if (this.cachedRows[slot] !== row) return super.valueAt(address);
    this.hits++;
    return this.copy(this.cached[slot]);
  }

  replaceValue(address, value) {
    const row = this.field(address, 0);
    const slot = row & (slots - 1);
    this.cachedRows[slot] = row;
    this.cached[slot] = this.copy(value);
    super.replaceValue(address, value);
  }
}

function copyAny(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyAny);
  const copy = { ...value };
  for (const name in copy) if (typeof copy[name] === 'object') copy[name] = copyAny(copy[name]);
  return copy;
}

function writeRow(first, cells) {
  process.stdout.write(`${first.padEnd(16)}${cells.map((cell) => cell.padStart(12)).join('')}\n`);
}

function cpuNs() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function timed(work) {
  const start = cpuNs();
  work();
  return cpuNs() - start;
}

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];

function filled(table, { first }) {
  for (let i = 0; i < keys; i++) table.put(`user-${i}`, first(i));
  table.accept();
  return table;
}

function runsOf(batch) {
  const keyOf = (i) => `user-${((i * 7919 + batch * 31) % hot) * Math.floor(keys / hot)}`;
  const touched = Array.from({ length: touches }, (_, i) => keyOf(i));
  return Array.from({ length: Math.ceil(touches / keysOfRun) }, (_, run) =>
    touched.slice(run * keysOfRun, (run + 1) * keysOfRun),
  );
}

/** Ns of a touch, the median of the batches. */
function nsOfTouch(batchNs) {
  const times = Array.from({ length: batches }, (_, batch) => batchNs(batch) / touches);
  return median(times.slice(warmingBatches));
}

function touchNs(table, kind) {
  filled(table, kind);
  return nsOfTouch((batch) => {
    const runs = runsOf(batch);
    const now = seen + batch * 1000;
    let done = 0;
    return timed(() => {
      for (const some of runs) {
        table.reviseEach({ keys: some, at: 0, next: (state) => kind.touch(state, now + (done++ & 1023)) });
      }
      table.packDelta(1 << 20).finish();
      table.accept();
    });
  });
}

function cachingNs(kind, copy) {
  const table = new CachingTable('bench');
  if (copy !== undefined) table.copy = copy;
  const ns = touchNs(table, kind);
  if (table.hits < touches) throw new Error('The cache was not asked: the table reads its values otherwise now.');
  return ns;
}

const figures = {
  'look-up': (kind) => {
    const table = filled(new FindingTable('bench'), kind);
    return nsOfTouch((batch) => {
      const runs = runsOf(batch);
      return timed(() => {
        for (const some of runs) table.reviseEach({ keys: some, at: 0, next: () => unchanged });
      });
    });
  },
  decode: ({ first }) => {
    const [writer, reader] = [new CodecWriter(), new CodecReader()];
    const ends = Array.from({ length: hot }, (_, i) => {
      writer.value(first(i));
      return writer.length;
    });
    return nsOfTouch(() =>
      timed(() => {
        for (let i = 0; i < touches; i++) {
          const at = i % hot;
          reader.whole(writer.bytes, at === 0 ? 0 : ends[at - 1], ends[at]);
        }
      }),
    );
  },
  encode: ({ first }) => {
    const writer = new CodecWriter();
    const values = Array.from({ length: hot }, (_, i) => first(i));
    return nsOfTouch(() =>
      timed(() => {
        for (let i = 0; i < touches; i++) {
          writer.reset();
          writer.value(values[i % hot]);
        }
      }),
    );
  },
  anew: (kind) => touchNs(new ByteTable('bench'), kind),
  kept: (kind) => (kind.copy === undefined ? undefined : cachingNs(kind)),
  copied: (kind) => (kind.copy === undefined ? undefined : cachingNs(kind, copyAny)),
  'written out': (kind) => (kind.copy === undefined ? undefined : cachingNs(kind, kind.copy)),
};

if (options.one !== undefined) {
  const [name, figure] = options.one.split('/');
  process.stdout.write(String(figures[figure](kinds[name]) ?? ''));
} else {
  const chosen = Object.keys(kinds).filter((name) => options.kinds?.split(',').includes(name) ?? true);
  const found = new Map();
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const name of chosen) {
      for (const figure of Object.keys(figures)) {
        const one = `${name}/${figure}`;
        const args = [fileURLToPath(import.meta.url), '--hot', String(hot), '--one', one];
        const text = execFileSync(process.execPath, args, { encoding: 'utf8' });
        if (text !== '') found.set(one, [...(found.get(one) ?? []), Number(text)]);
      }
    }
  }
  writeRow('', Object.keys(figures));
  for (const name of chosen) {
    const times = Object.keys(figures).map((figure) => found.get(`${name}/${figure}`));
    writeRow(
      name,
      times.map((ofRounds) => (ofRounds === undefined ? '-' : median(ofRounds).toFixed(0))),
    );
  }
}
