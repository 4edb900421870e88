import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';

import { delay, systemClock } from '../../lib/kernel/clock.ts';
import { Workplace } from '../faults/running-program.ts';
import { loggedRecords } from './logged-records.ts';
import { masterOf } from './masters.ts';
import { randomFrom } from './random.ts';

const program = fileURLToPath(new URL('kill/structured-queries.ts', import.meta.url));

/**
 * A query over a topic is killed `kills` times at random moments, on one thread and on several, and runs to its end then. Its batches are those of a run that nobody
 * disturbed: the same ids with the same rows; and a batch that ran twice gave the same rows both times.
 */
export function structuredKillContract(title: string, bootstrap: () => string, kills: number): void {
  it.each(['aggregation', 'join', 'sessions', 'timers'])(
    `${title}, %s: ${kills} kills leave the result of an uninterrupted run`,
    async (kind) => {
      using place = new Workplace();
      const seed = Number(process.env['MILLRACE_SEED'] ?? Date.now() % 1_000_000);
      const random = randomFrom(seed);
      const topic = `kill-${kind}-${randomUUID().slice(0, 8)}`;
      await fill(bootstrap(), topic, 1000 + kills * 1000, random);
      const start = (name: string, pace: string, number = 0) => {
        const options = ['--brokers', bootstrap(), '--checkpoint', place.path(`state-${name}`), '--quiet'];
        const master = ['--master', masterOf(number)];
        return place.start('run', program, ...options, ...master, '--', kind, topic, place.path(`${name}.jsonl`), pace);
      };
      const whole = await start('whole', 'fast').ended;
      expect({ seed, ...whole }).toMatchObject({ status: 0, stderr: '' });

      for (let kill = 0; kill < kills; kill++) {
        const known = batchesOf(place.path('killed.jsonl')).lines;
        const running = start('killed', 'slow', kill);
        // Half of the kills fall at any moment of the start, half when batches run.
        if (random() < 0.5) await untilLogged(place.path('killed.jsonl'), known + 1, running.ended);
        await delay(systemClock, random() * 300);
        running.kill('SIGKILL');
        const { signal, stderr } = await running.ended;
        expect({ seed, kill, signal, stderr }).toMatchObject({ signal: 'SIGKILL' });
      }
      const last = await start('killed', 'fast', kills).ended;
      expect({ seed, status: last.status, stderr: last.stderr.replaceAll(/^The last program.*\n/gmu, '') }).toEqual({
        seed,
        status: 0,
        stderr: '',
      });
      const [expected, killed] = [batchesOf(place.path('whole.jsonl')), batchesOf(place.path('killed.jsonl'))];
      expect({ seed, changed: killed.changed }).toEqual({ seed, changed: [] });
      expect({ seed, batches: rowsOf(killed.rows) }).toEqual({ seed, batches: rowsOf(expected.rows) });
      expect(rowsOf(expected.rows).length).toBeGreaterThan(5);
    },
    60_000 + kills * 10_000,
  );
}

/** All rows with their batches; which batches had none does not matter. */
function rowsOf(batches: ReadonlyMap<number, string>): readonly string[] {
  return [...batches].flatMap(([id, rows]) => (JSON.parse(rows) as string[]).map((row) => `${id}: ${row}`)).toSorted();
}

/** Events of 20 keys whose times go on by 50 ms each, give or take a second; some are far too late. */
async function fill(bootstrap: string, topic: string, events: number, random: () => number): Promise<void> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  const start = Date.UTC(2024, 0, 1);
  for (let from = 0; from < events; from += 1000) {
    const messages = Array.from({ length: Math.min(1000, events - from) }, (_, i) => {
      const late = random() < 0.02 ? 30_000 : random() * 1000;
      const at = new Date(Math.floor(start + (from + i) * 50 - late)).toISOString();
      const event = { k: `k${Math.floor(random() ** 2 * 20)}`, v: Math.floor(random() * 10), at };
      return { value: JSON.stringify(event), partition: i % 2 };
    });
    await producer.send({ topic, messages });
  }
  await producer.disconnect();
}

interface Logged {
  readonly lines: number;
  /** The rows of each batch as JSON. */
  readonly rows: ReadonlyMap<number, string>;
  /** Batches that gave other rows when they ran again. */
  readonly changed: readonly number[];
}

/** What has been logged. */
function batchesOf(log: string): Logged {
  const lines = loggedRecords<{ readonly id: number; readonly rows: readonly string[] }>(log);
  const rows = new Map<number, string>();
  const changed: number[] = [];
  for (const batch of lines) {
    const text = JSON.stringify(batch.rows);
    if ((rows.get(batch.id) ?? text) !== text) changed.push(batch.id);
    rows.set(batch.id, text);
  }
  return { lines: lines.length, rows, changed };
}

async function untilLogged(log: string, count: number, ended: Promise<unknown>): Promise<void> {
  let over: unknown;
  void ended.then((how) => (over = how));
  const deadline = systemClock.monotonicMs() + 60_000;
  while (batchesOf(log).lines < count) {
    if (over !== undefined) throw new Error(`the program ended: ${JSON.stringify(over)}`);
    if (systemClock.monotonicMs() > deadline) throw new Error('nothing happened for 60 s');
    await delay(systemClock, 20);
  }
}
