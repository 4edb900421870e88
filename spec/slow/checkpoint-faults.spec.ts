import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { type Broker, startBroker } from 'millrace/broker';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Workplace } from '../faults/running-program.ts';

jest.setTimeout(60_000);

/** The sum of the first letter, batch by batch. */
function sums(stdout: string): number[] {
  return [...stdout.matchAll(/\(a,(\d+)\)/gu)].map((match) => Number(match[1]));
}

function dataFile(folder: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('data.mdb'));
  if (found === undefined) throw new Error(`no data file in ${readdirSync(folder).join(', ')}`);
  return join(folder, found);
}

/** What a user sees when the checkpoint directory cannot be used. */
describe('a checkpoint', () => {
  let place: Workplace;
  let broker: Broker;
  let program: string;

  beforeAll(async () => {
    broker = await startBroker({ topics: { letters: 1 } });
    const producer = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    await producer.send({
      topic: 'letters',
      messages: Array.from({ length: 4000 }, (_, i) => ({ value: 'ab'.charAt(i % 2) })),
    });
    await producer.disconnect();
  });
  afterAll(async () => {
    await broker.stop();
  });
  beforeEach(() => {
    place = new Workplace();
    program = place.program('counts.ts', counting());
  });

  /** Two letters a batch; the sums tell how many batches have been counted. */
  function counting(step = ''): string {
    return `const ssc = new StreamingContext({ appName: 'counts', batchInterval: seconds(0.1) });
       ssc.checkpoint(env.checkpointDir);
       const letters = ssc.kafkaStream({ brokers: ['${broker.bootstrap}'], topics: ['letters'], startingOffsets: 'earliest', maxRatePerPartition: 20 });
       letters.map(r => [r.value, 1])${step}.updateStateByKey((values, sum) => (sum ?? 0) + values.length).print();
       return ssc;`;
  }

  afterEach(() => {
    place[Symbol.dispose]();
  });

  it('in use is refused with the process that holds it, which goes on undisturbed', async () => {
    const state = place.path('state');
    const first = place.start('run', program, '--checkpoint', state);
    await first.printed(/Time:/u);
    const second = await place.run('run', program, '--checkpoint', state);
    expect(second.stderr).toContain(String(first.pid));
    expect(second.status).toBe(4);
    first.kill('SIGTERM');
    expect((await first.ended).status).toBe(0);
  });

  it('is free again at once after a kill -9, and its sums go on', async () => {
    const state = place.path('state');
    const first = place.start('run', program, '--checkpoint', state);
    await first.printed(/\(a,5\)/u);
    first.kill('SIGKILL');
    const seen = sums((await first.ended).stdout);
    const again = await place.run('run', program, '--checkpoint', state, '--batches', '3');
    const next = sums(again.stdout)[0] ?? 0;
    // The batch in flight may run again; none before it does, and none is left out.
    expect([seen.at(-1), (seen.at(-1) ?? 0) + 1]).toContain(next);
    expect(again.status).toBe(0);
  });

  it.each([
    ['cut in half', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)],
    ['zeroed at the head', (file: string) => writeFileSync(file, readFileSync(file).fill(0, 0, 8192))],
    ['empty', (file: string) => writeFileSync(file, '')],
    ['a text', (file: string) => writeFileSync(file, 'not a database '.repeat(2000))],
  ])('whose data file is %s is refused with status 4 and never a signal', async (_, damage) => {
    const state = place.path('state');
    expect((await place.run('run', program, '--checkpoint', state, '--batches', '2')).status).toBe(0);
    damage(dataFile(state));
    const ended = await place.run('run', program, '--checkpoint', state, '--batches', '1');
    expect([ended.status, ended.signal]).toEqual([4, null]);
    expect(ended.stderr).toMatch(/\[CHECKPOINT_[A-Z_]+\]/u);
    expect(ended.stderr).toContain('data.mdb');
  });

  it('of another program is refused with status 4', async () => {
    const state = place.path('state');
    expect((await place.run('run', program, '--checkpoint', state, '--batches', '1')).status).toBe(0);
    const other = place.program('other.ts', counting('.filter(() => true)'));
    const ended = await place.run('run', other, '--checkpoint', state, '--batches', '1');
    expect(ended.stderr).toMatch(/\[CHECKPOINT_OPERATOR_MISMATCH\]/u);
    expect(ended.status).toBe(4);
  });

  it('without permission is refused with status 4 before anything is read', async () => {
    const locked = place.path('locked');
    mkdirSync(locked);
    chmodSync(locked, 0o555);
    chmodSync(place.folder, 0o755);
    // Root may write anywhere: run as nobody where we are root.
    const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    const [head, ...rest] = [
      ...asUser,
      process.execPath,
      join(process.cwd(), 'dist/cli/main.js'),
      'run',
      program,
      '--checkpoint',
      join(locked, 'state'),
      '--batches',
      '1',
    ];
    const ended = spawnSync(head ?? '', rest, { encoding: 'utf8', env: { ...process.env, HOME: '/tmp' } });
    expect(ended.stderr).toMatch(/\[CHECKPOINT_[A-Z_]+\]/u);
    expect(ended.stderr).toContain(locked);
    expect(ended.status).toBe(4);
  });

  it('on a full disk ends with status 6, and goes on from the last batch once there is room', async () => {
    const small = place.path('small');
    mkdirSync(small);
    const mounted =
      process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', small]).status === 0;
    if (!mounted) return; // Needs root for a file system of its own; the store's spec covers the rest.
    try {
      const growing = place.program(
        'growing.ts',
        `const ssc = new StreamingContext({ appName: 'growing', batchInterval: seconds(0.05) });
         ssc.checkpoint(env.checkpointDir);
         let n = 0;
         const s = ssc.kafkaStream({ brokers: ['${broker.bootstrap}'], topics: ['letters'], startingOffsets: 'earliest', maxRatePerPartition: 20 });
         s.flatMap(() => Array.from({ length: 20000 }, () => ['k' + n++, 'x'.repeat(500)])).updateStateByKey((values, old) => values[0] ?? old).count().print();
         return ssc;`,
      );
      const ended = await place.run('run', growing, '--checkpoint', join(small, 'state'));
      expect(ended.stderr).toMatch(/\[(?:STATE|CHECKPOINT)_DISK_FULL\].*MB/u);
      expect([ended.status, ended.signal]).toEqual([6, null]);
      const roomy = place.path('roomy');
      cpSync(join(small, 'state'), roomy, { recursive: true });
      const again = await place.run('run', growing, '--checkpoint', roomy, '--batches', '1');
      expect(again.status).toBe(0);
    } finally {
      spawnSync('umount', ['-l', small]);
    }
  });
});
