import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompareRecord, RunModel } from '../../lib/compare/run-model.ts';
import { millrace } from '../e2e/millrace.ts';
import { realKafka } from './real-kafka.ts';

const topic = `compare-${process.pid}`;
const kafka = new Kafka({ brokers: [realKafka.bootstrap], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
const producer = kafka.producer();
const folder = mkdtempSync(join(tmpdir(), 'millrace-compare-live-'));

beforeAll(async () => {
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] });
  await producer.connect();
}, 60_000);

afterAll(async () => {
  await producer.disconnect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes events of now, and beside each one of a minute ago, until it is told to stop. */
function produce(): () => Promise<number> {
  const stopping = new AbortController();
  let sent = 0;
  const sending = (async () => {
    while (!stopping.signal.aborted) {
      const now = Date.now();
      const messages = [
        { partition: sent % 2, key: `user-${sent % 3}`, value: JSON.stringify({ value: 2 }) },
        { partition: 0, value: JSON.stringify({ key: 'old', time: now - 60_000 }) },
        { partition: 1, value: 'no record' },
      ];
      await producer.send({ topic, messages });
      sent += 1;
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
    return sent;
  })();
  return async () => {
    stopping.abort();
    return await sending;
  };
}

it('compares both engines on the records of a topic while they are written', async () => {
  const stop = produce();
  const page = join(folder, 'live.html');
  const from = `--topic ${topic} --brokers ${realKafka.bootstrap} --for 8s`;
  const settings = '--interval 1s --window 4s --watermark 2s';
  const words = `compare tumbling --json ${from} ${settings}`.split(' ');
  const { status, stdout, stderr } = await millrace([...words, '--html', page]);
  const sent = await stop();
  expect({ status, sent: sent > 0 }).toEqual({ status: 0, sent: true });
  const model = stdout
    .split('\n')
    .filter((line) => line.includes('"comparison"'))
    .map((line) => JSON.parse(line) as RunModel)[0];
  if (model === undefined) throw new Error(`no comparison: ${stdout} ${stderr}`);
  const { records, rows, fates, verdict } = model;
  // Records of both partitions; the event is the record's own time where it says none, and the key that of the record.
  expect(new Set(records.map(({ partition }) => partition))).toEqual(new Set([0, 1]));
  expect(records.every(({ key }) => key === 'old' || /^user-\d$/u.test(key))).toBe(true);
  expect(records.every(({ key, value }) => value === (key === 'old' ? 1 : 2))).toBe(true);
  expect(records.every(({ key, eventMs, arrivalMs }) => (key === 'old') === arrivalMs - eventMs >= 60_000)).toBe(true);
  // What is no record is told with its place, and left out.
  expect(stderr).toMatch(new RegExp(`Record ${topic}-1 at \\d+ is left out: .*COMPARE_RECORD`, 'u'));
  // The DStream counts every record once, in the window of its arrival.
  const counted = rows.reduce((sum, { dstream }) => sum + (dstream?.row.value ?? 0), 0);
  expect(counted).toBe(records.length);
  // The query drops what is a minute old as soon as its watermark has passed that, and says so.
  const late = records.filter(({ id }) => fates[id]?.structured.kind === 'late');
  expect(late.length).toBeGreaterThan(0);
  expect(new Set(late.map(({ key }) => key))).toEqual(new Set(['old']));
  expect(verdict.isSame).toBe(false);
  const [, start = ''] = /id="start">([^<]+)</u.exec(readFileSync(page, 'utf8')) ?? [];
  expect((JSON.parse(start) as { readonly records: readonly CompareRecord[] }).records).toEqual(records);
}, 120_000);
