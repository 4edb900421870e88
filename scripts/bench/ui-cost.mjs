// npm run build && node scripts/bench/ui-cost.mjs [stream] [query] [--rounds N] [--profile]: what the live page costs the program that it shows.
//
// The same program runs in turn (A B A B) without `--ui`, and with `--ui` and one page that takes every message: twenty batches a second of
// records that come at a steady rate. The first hundred batches are not counted. What is compared is CPU time, which other work on the
// machine disturbs less than the clock does, and of that also the quietest windows of two seconds, which it disturbs least.
//
// Pairs of runs differ by more than a page costs. `--profile` asks one run under Node's profiler instead: how much of the time was spent in
// functions of the page, its server, and what these call. The profiler makes everything slower, so the share is rather too high.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { sourceOfCall } from '../profile/source-of.mjs';
import { median } from './statistics.mjs';

const programs = ['stream', 'query'];
/** The first hundred batches. */
const warmUpUs = 5e6;
const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '8' }, profile: { type: 'boolean', default: false } },
});
const chosen = positionals.length === 0 ? programs : positionals;
const unknown = chosen.find((name) => !programs.includes(name));
if (unknown === undefined) {
  for (const name of chosen) await (values.profile ? profile(name) : compare(name, Number(values.rounds)));
} else {
  process.stderr.write(`${unknown} is not one of ${programs.join(', ')}\n`);
  process.exitCode = 2;
}

async function compare(name, rounds) {
  const [without, shown] = [[], []];
  for (let round = 1; round <= rounds; round++) {
    without.push(await run(name, false));
    shown.push(await run(name, true));
    const line = ({ windows }) => `${median(windows.map(cpuOf)).toFixed(4)} µs`;
    process.stderr.write(
      `${name} ${round}: ${line(without.at(-1))}, with a page ${line(shown.at(-1))} of CPU a record\n`,
    );
  }
  const all = [without, shown].map((runs) => runs.flatMap(({ windows }) => windows));
  const perRun = (figure) => [without, shown].map((runs) => runs.map(({ windows }) => median(windows.map(figure))));
  const quietest = all.map((windows) => quarter(windows.map(cpuOf)));
  const { batches, records } = all[0][0];
  const seconds = median(all.flat().map((window) => window.seconds));
  const [messages, bytes] = ['messages', 'bytes'].map((of) => shown.reduce((sum, one) => sum + one.page[of], 0));
  const watchedSeconds = shown.reduce((sum, { page }) => sum + page.seconds, 0);
  process.stdout.write(
    [
      `${name}: ${rounds} pairs of runs, ${(batches / seconds).toFixed(1)} batches a second of ${records / batches} records; load ${os.loadavg()[0].toFixed(1)}`,
      row('CPU, µs a record', perRun(cpuOf)),
      row(
        'batches, µs a record',
        perRun(({ workSeconds, records: n }) => (workSeconds / n) * 1e6),
      ),
      `  quietest quarter of the windows, CPU µs a record: ${quietest.map((one) => one.toFixed(4)).join(', with a page ')}: ${percent(quietest[1] / quietest[0] - 1)}`,
      `  ${(messages / watchedSeconds).toFixed(1)} messages a second of ${(bytes / messages / 1000).toFixed(1)} KB`,
      '',
    ].join('\n'),
  );
}

function row(title, [without, shown]) {
  const change = without.map((value, i) => shown[i] / value - 1).toSorted((a, b) => a - b);
  const [low, high] = [0.25, 0.75].map((share) => change[Math.round((change.length - 1) * share)]);
  return `  ${title}: ${figure(without)}, with a page ${figure(shown)}: ${percent(median(change))} (half of the pairs ${percent(low)} to ${percent(high)})`;
}

async function profile(name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-ui-cost-'));
  try {
    await run(name, true, ['--cpu-prof', '--cpu-prof-dir', folder]);
    const threads = readdirSync(folder).map((file) =>
      pageTime(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))),
    );
    const [pageMs, busyMs] = ['pageMs', 'busyMs'].map((of) => threads.reduce((sum, one) => sum + one[of], 0));
    const seconds = Math.max(...threads.map((one) => one.seconds));
    process.stdout.write(
      `${name}: ${(pageMs / seconds).toFixed(1)} ms a second went to the page, of ${(busyMs / seconds).toFixed(0)} ms that were busy in all threads\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of a thread's profile: the time with a function of the page or of Node's HTTP server on the stack. */
function pageTime({ nodes, samples, timeDeltas, startTime, endTime }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ofPage = new Set();
  const mark = (node, isInside) => {
    const { file } = sourceOfCall(node.callFrame);
    const isPage = isInside || file.includes('/lib/monitor/') || file.startsWith('node:_http_');
    if (isPage) ofPage.add(node.id);
    for (const child of node.children ?? []) mark(byId.get(child), isPage);
  };
  mark(nodes[0], false);
  let [pageMs, busyMs, atUs] = [0, 0, 0];
  for (const [i, id] of samples.entries()) {
    atUs += timeDeltas[i];
    if (atUs < warmUpUs || byId.get(id).callFrame.functionName === '(idle)') continue;
    busyMs += timeDeltas[i] / 1000;
    if (ofPage.has(id)) pageMs += timeDeltas[i] / 1000;
  }
  return { pageMs, busyMs, seconds: (endTime - startTime - warmUpUs) / 1e6 };
}

/** The median and half the range. */
function figure(values) {
  return `${median(values).toFixed(4)} (±${((Math.max(...values) - Math.min(...values)) / 2).toFixed(4)})`;
}

function percent(share) {
  return `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)} %`;
}

/** The mean of the lowest quarter. */
function quarter(values) {
  const low = values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length / 4));
  return low.reduce((sum, value) => sum + value, 0) / low.length;
}

function cpuOf({ cpuSeconds, records }) {
  return (cpuSeconds / records) * 1e6;
}

async function run(name, isShown, nodeArgs = []) {
  const program = fileURLToPath(new URL(`ui-cost/${name}.mjs`, import.meta.url));
  const args = [...nodeArgs, cli, 'run', program, ...(isShown ? ['--ui', '0'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [printed, said] = ['', ''];
  /** @type {Promise<object> | undefined} */
  let page;
  child.stdout.on('data', (text) => (printed += text));
  child.stderr.on('data', (text) => {
    said += text;
    const [, url] = /Live page: (\S+)/u.exec(said) ?? [];
    if (url !== undefined) page ??= watch(url);
  });
  const status = await new Promise((resolve) => {
    child.once('close', resolve);
  });
  const result = printed.split('\n').find((text) => text.startsWith('['));
  if (status !== 0 || result === undefined) throw new Error(`${name} ended with ${status}: ${said}`);
  const watched = page === undefined ? {} : { page: await page };
  return { windows: JSON.parse(result), ...watched };
}

/** One page: takes all that it is sent, and counts. */
async function watch(url) {
  const startedMs = performance.now();
  let [messages, bytes] = [0, 0];
  const response = await fetch(`${url}api/v1/events`);
  for await (const chunk of response.body) {
    bytes += chunk.length;
    messages += Buffer.from(chunk).toString('latin1').split('\n\n').length - 1;
  }
  return { messages, bytes, seconds: (performance.now() - startedMs) / 1000 };
}
