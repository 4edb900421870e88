import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { expect, it } from '@jest/globals';
import { Kafka, logLevel, type Producer } from 'kafkajs';

import { delay, systemClock } from '../../lib/kernel/clock.ts';
import { Workplace } from '../faults/running-program.ts';
import { loggedRecords } from './logged-records.ts';
import { masterOf } from './masters.ts';
import { randomFrom } from './random.ts';

const program = fileURLToPath(new URL('kill/stateful-count.ts', import.meta.url));
const words = Array.from({ length: 40 }, (_, i) => `word-${i}`);

interface LoggedBatch {
  readonly pid: number;
  readonly time: number;
  readonly totals: readonly (readonly [string, number])[];
}

/**
 * `stateful-count` is killed `kills` times at random moments while records keep coming, on one thread and on several, one of which dies by
 * itself now and then. After the last restart the totals are those of the input, and every restart ran at most one batch again.
 */
export function killContract(title: string, bootstrap: () => string, kills: number, stateStore = 'memory-table'): void {
  it(
    `${title}, with state in ${stateStore}: ${kills} kills leave exact totals, and each restart runs at most one batch again`,
    async () => {
      using place = new Workplace();
      const seed = Number(process.env['MILLRACE_SEED'] ?? Date.now() % 1_000_000);
      const random = randomFrom(seed);
      const topic = `kill-${randomUUID().slice(0, 8)}`;
      const log = place.path('batches.jsonl');
      await using input = await Input.begin(bootstrap(), topic, random);
      const options = ['--brokers', bootstrap(), '--checkpoint', place.path('state'), '--interval', '300ms'];
      const start = (number: number) =>
        place.start('run', program, ...options, '--master', masterOf(number), '--', topic, log, stateStore);
      for (let kill = 0; kill < kills; kill++) {
        const known = loggedRecords<LoggedBatch>(log).length;
        const running = start(kill);
        // Half of the kills fall at any moment of the start, half when batches run.
        if (random() < 0.5) await untilLogged(log, known + 1, running.ended);
        await delay(systemClock, random() * 500);
        running.kill('SIGKILL');
        const { signal, stderr } = await running.ended;
        expect({ seed, kill, signal, stderr }).toMatchObject({ signal: 'SIGKILL' });
      }
      const expected = await input.end();
      const last = start(kills);
      await untilTotals(log, expected, last.ended);
      last.kill('SIGTERM');
      expect(await last.ended).toMatchObject({ status: 0 });

      const batches = loggedRecords<LoggedBatch>(log);
      expect({ seed, totals: Object.fromEntries(batches.at(-1)?.totals ?? []) }).toEqual({ seed, totals: expected });
      const repeated = repeatsOf(batches);
      expect({ seed, moreThanOne: repeated.filter(({ again }) => again.length > 1) }).toEqual({
        seed,
        moreThanOne: [],
      });
    },
    60_000 + kills * 10_000,
  );
}

/** Lines of words, some every few milliseconds, until it is ended; then what was written, by word. */
class Input {
  readonly #producer: Producer;
  readonly #totals: Record<string, number> = {};
  readonly #writing: Promise<void>;
  #isEnded = false;

  private constructor(producer: Producer, topic: string, random: () => number) {
    this.#producer = producer;
    this.#writing = this.#write(topic, random);
  }

  static async begin(bootstrap: string, topic: string, random: () => number): Promise<Input> {
    const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] });
    await admin.disconnect();
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    return new Input(producer, topic, random);
  }

  async end(): Promise<Readonly<Record<string, number>>> {
    this.#isEnded = true;
    await this.#writing;
    return this.#totals;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.#producer.disconnect();
  }

  async #write(topic: string, random: () => number): Promise<void> {
    while (!this.#isEnded) {
      const messages = Array.from({ length: 10 }, (_, i) => {
        const line = Array.from({ length: 5 }, () => words[Math.floor(random() ** 2 * words.length)] ?? '');
        for (const word of line) this.#totals[word] = (this.#totals[word] ?? 0) + 1;
        return { value: line.join(' '), partition: i % 2 };
      });
      await this.#producer.send({ topic, messages });
      await delay(systemClock, 20);
    }
  }
}

async function untilLogged(log: string, count: number, ended: Promise<unknown>): Promise<void> {
  await waitFor(() => loggedRecords<LoggedBatch>(log).length >= count, ended);
}

async function untilTotals(
  log: string,
  expected: Readonly<Record<string, number>>,
  ended: Promise<unknown>,
): Promise<void> {
  const wanted = sum(Object.values(expected));
  await waitFor(
    () => sum((loggedRecords<LoggedBatch>(log).at(-1)?.totals ?? []).map(([, total]) => total)) >= wanted,
    ended,
  );
}

function sum(totals: readonly number[]): number {
  return totals.reduce((a, b) => a + b, 0);
}

/** Looks every few milliseconds; gives up with the process, or after a time in which it must have happened. */
async function waitFor(holds: () => boolean, ended: Promise<unknown>): Promise<void> {
  let over: unknown;
  void ended.then((how) => (over = how));
  const deadline = systemClock.monotonicMs() + 60_000;
  while (!holds()) {
    if (over !== undefined) throw new Error(`the program ended: ${JSON.stringify(over)}`);
    if (systemClock.monotonicMs() > deadline) throw new Error('nothing happened for 60 s');
    await delay(systemClock, 20);
  }
}

/** For each process, the batch times that an earlier process had logged already. */
function repeatsOf(batches: readonly LoggedBatch[]): { readonly pid: number; readonly again: readonly number[] }[] {
  const before = new Set<number>();
  const processes = [...new Set(batches.map(({ pid }) => pid))];
  return processes.map((pid) => {
    const times = batches.filter((batch) => batch.pid === pid).map(({ time }) => time);
    const again = times.filter((time) => before.has(time));
    for (const time of times) before.add(time);
    return { pid, again };
  });
}
