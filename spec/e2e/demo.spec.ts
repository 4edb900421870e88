import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { millrace } from './millrace.ts';

interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}

function events(stdout: string): Event[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
}

describe('the demo', () => {
  let folder = '';
  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'millrace-demo-spec-')), 'demo');
  });
  afterAll(() => {
    rmSync(join(folder, '..'), { recursive: true, force: true });
  });

  it('ends by itself, and a second start goes on where the first ended', async () => {
    const words = ['demo', '--dir', folder, '--interval', '250ms', '--batches', '2'];
    const first = await millrace(words);
    expect(first.status).toBe(0);
    expect(first.stdout.match(/^Time: \d+ ms$/gmu)).toHaveLength(2);
    expect(first.stdout).toContain('+----+------+\n|kind|events|');
    expect(first.stdout).not.toContain('\u001B');
    expect(first.stderr).not.toContain('Going on');
    // The boundaries that pass now are the empty batches of the next start.
    await delay(1500);

    const second = await millrace([...words, '--json']);
    expect(second.status).toBe(0);
    expect(second.stderr).toContain('Going on where the last demo ended');
    const seen = events(second.stdout);
    const caughtUp = seen.filter(({ type }) => type === 'progress');
    expect(caughtUp).toHaveLength(1);
    expect(caughtUp[0]?.['caughtUp']).toBeGreaterThanOrEqual(4);
    expect(seen.filter(({ type }) => type === 'batch')).toHaveLength(2);
    expect(seen.filter(({ type }) => type === 'rows').length).toBe(6);
  }, 60_000);

  it('ends cleanly by one Ctrl-C', async () => {
    const child = spawn(process.execPath, ['dist/cli/main.js', 'demo', '--dir', folder, '--reset'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((settle) => child.stdout.once('data', settle));
    const ended = new Promise((settle) => child.once('exit', (status, signal) => settle([status, signal])));
    child.kill('SIGINT');
    child.stdout.resume();
    expect(await ended).toEqual([0, null]);
  }, 30_000);

  it('leaves a folder alone that holds something else, and does not empty it', async () => {
    const other = join(folder, '..', 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.txt'), 'ten years');
    const { status, stderr } = await millrace(['demo', '--dir', other, '--reset']);
    expect(stderr).toContain('[CLI_DEMO_FOLDER]');
    expect(status).toBe(2);
    expect(existsSync(join(other, 'thesis.txt'))).toBe(true);
  }, 30_000);
});
