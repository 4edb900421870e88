/**
 * Speed of RDD chains on one thread from lines in memory: `node scripts/bench/rdd.mjs [lines]`, on the built package.
 *
 * W1: filter that looks for a word, then count. W2: word count, 12.6 words a line on average out of 100,000 by Zipf's law.
 */
import { SparkContext } from '../../dist/index.js';

const lineCount = Number(process.argv[2] ?? 400_000);
const vocabulary = 100_000;
const partitions = 4;
const rounds = 5;

const lines = zipfLines(lineCount);
const sc = new SparkContext();
const input = sc.parallelize(lines, partitions);

await measure('W1 filter, count', async () => await input.filter((line) => line.includes('w77 ')).count());
await measure('W2 flatMap, map, reduceByKey', async () => {
  const totals = input
    .flatMap((line) => line.split(' '))
    .map((word) => [word, 1])
    .reduceByKey((a, b) => a + b);
  return await totals.count();
});
await measure('flatMap, count', async () => await input.flatMap((line) => line.split(' ')).count());
await measure('groupByKey', async () => {
  const grouped = input.map((line) => [line.length, line]).groupByKey();
  return await grouped.count();
});
await measure('join', async () => {
  const pairs = sc.range(lineCount).map((n) => [n, n]);
  return await pairs.join(pairs).count();
});

/** Wall time tells what a user waits; CPU time can be compared on a machine that does other things too. */
async function measure(name, work) {
  const walls = [];
  const cpus = [];
  let result;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const before = process.cpuUsage();
    result = await work();
    const { user, system } = process.cpuUsage(before);
    walls.push((performance.now() - start) / 1000);
    cpus.push((user + system) / 1e6);
  }
  const line = [name.padEnd(30), perSecond(walls, ''), perSecond(cpus, 'CPU '), `result ${result}`];
  process.stdout.write(`${line.join('   ')}\n`);
}

function perSecond(seconds, kind) {
  const median = seconds.toSorted((a, b) => a - b)[Math.floor(rounds / 2)];
  return `${(lineCount / median / 1e6).toFixed(2).padStart(6)} M lines/${kind}s`;
}

/** The same lines on every run. */
function zipfLines(count) {
  const next = random(42);
  const cumulative = new Float64Array(vocabulary);
  let total = 0;
  for (let i = 0; i < vocabulary; i++) cumulative[i] = total += 1 / (i + 1);
  return Array.from({ length: count }, () => {
    const length = 8 + Math.floor(next() * 10.2);
    let line = '';
    for (let i = 0; i < length; i++) line += `${i === 0 ? '' : ' '}w${rank(cumulative, next() * total)}`;
    // Flat text, as a decoder gives it: a rope would be flattened inside the measurement.
    return Buffer.from(line).toString('latin1');
  });
}

function rank(cumulative, point) {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle] < point) low = middle + 1;
    else high = middle;
  }
  return low;
}

function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
