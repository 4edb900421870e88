// node scripts/ci-summary.mjs DIR: reads NAME.out and NAME.status of each step of .ci/run, prints one line per step and
// `N passed, N failed, N skipped` over all of them; fails when anything failed.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Jest's closing line, and the plain one of other runners of ours, alone on a line. */
const jestLine = /^Tests: +(.*), \d+ total$/u;
const plainLine = /^(?:\w+: )?((?:\d+ passed, \d+ failed(?:, \d+ skipped)?)|(?:\d+ skipped))$/u;

/**
 * What a step's output says it ran. A step without closing lines is one check; one that failed and counted no failure (a suite that
 * does not load, a runner that dies) counts one.
 */
export function countStep(output, status) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  let hasCounts = false;
  for (const line of stripVTControlCharacters(output).split('\n')) {
    const counts = (jestLine.exec(line.trim()) ?? plainLine.exec(line.trim()))?.[1];
    if (counts === undefined) continue;
    hasCounts = true;
    for (const [, number, kind] of counts.matchAll(/(\d+) (passed|failed|skipped|todo)/gu)) {
      total[kind === 'todo' ? 'skipped' : kind] += Number(number);
    }
  }
  if (status === 0 && !hasCounts) total.passed = 1;
  if (status !== 0 && total.failed === 0) total.failed = 1;
  return total;
}

const [dir] = process.argv.slice(2);
if (dir !== undefined) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write('\n');
  const names = readdirSync(dir).filter((name) => name.endsWith('.status'));
  for (const name of names.toSorted()) {
    const step = name.slice(0, -'.status'.length);
    const status = Number(readFileSync(path.join(dir, name), 'utf8'));
    const counts = countStep(readFileSync(path.join(dir, `${step}.out`), 'utf8'), status);
    for (const kind of Object.keys(sum)) sum[kind] += counts[kind];
    // Not in the form of a closing line: only the last line is one.
    process.stdout.write(`${step}: ${counts.passed} / ${counts.failed} / ${counts.skipped} (status ${status})\n`);
  }
  if (names.length === 0) sum.failed = 1;
  process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}
