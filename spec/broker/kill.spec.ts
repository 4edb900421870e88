import { describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { startBroker } from '../../lib/broker/index.ts';
import { type Message, RawClient } from './raw-client.ts';
import { recordBatch } from './record-batches.ts';
import { temporaryDirectories } from './storage/temporary-directory.ts';

const newDirectory = temporaryDirectories();
const entry = resolve('dist/broker/index.js');

/** A broker in a process of its own, from the built files; with `maxFileBlocks` no file of it can grow beyond that. */
async function spawnBroker(dir: string, maxFileBlocks?: number): Promise<{ child: ChildProcess; port: number }> {
  const program = `import { startBroker } from ${JSON.stringify(entry)}; const { port } = await startBroker(${JSON.stringify({ dir, topics: 'a' })}); console.log(port);`;
  const limit = maxFileBlocks === undefined ? '' : `ulimit -f ${maxFileBlocks}; `;
  const args = ['-c', `${limit}exec "$0" "$@"`, process.execPath, '--input-type=module', '-e', program];
  const child = spawn('sh', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) return { child, port: Number(line) };
  throw new TypeError('the broker did not start');
}

const values = Array.from({ length: 50 }, (_, i) => `value ${i} ${'x'.repeat(200)}`);

function produceRequest(batch: Buffer, transactionalId: string | null): Message {
  return {
    transactionalId,
    acks: -1,
    timeoutMs: 1000,
    topics: [{ name: 'a', partitions: [{ index: 0, records: [batch] }] }],
  };
}

describe('a broker that is killed while it appends', () => {
  it('has every acknowledged batch after the restart, open transactions end, and sequences go on', async () => {
    expect(existsSync(entry)).toBe(true);
    const dir = newDirectory();
    let acknowledged = 0;
    let round = 0;
    const ids: number[] = [];
    for (; round < 3; round++) {
      const { child, port } = await spawnBroker(dir);
      const client = await RawClient.open(port);
      const init = { transactionalId: 'x', transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 };
      const { producerId, producerEpoch, errorCode } = (await client.ask('InitProducerId', 1, init)) as Record<
        string,
        number
      >;
      expect(errorCode).toBe(0);
      ids.push(producerEpoch ?? -1);
      const producer = { transactionalId: 'x', producerId: producerId ?? -1, producerEpoch: producerEpoch ?? -1 };
      await client.ask('AddPartitionsToTxn', 1, { ...producer, topics: [{ name: 'a', partitions: [0] }] });
      const exited = new Promise((done) => child.once('exit', done));
      for (let sequence = 0; ; sequence += values.length) {
        if (sequence === 40 * values.length) child.kill('SIGKILL');
        const batch = recordBatch({ ...producer, values, sequence, isTransactional: true });
        const answer = await client.askOrClose('Produce', 7, produceRequest(batch, 'x'));
        if (answer === undefined) break;
        const [topic] = answer['topics'] as { partitions: { errorCode: number; baseOffset: number }[] }[];
        expect(topic?.partitions[0]?.errorCode).toBe(0);
        acknowledged = (topic?.partitions[0]?.baseOffset ?? -1) + values.length;
      }
      await exited;
    }
    expect(ids.every((epoch, i) => i === 0 || epoch > (ids[i - 1] ?? 0))).toBe(true);
    const broker = await startBroker({ dir });
    const client = await RawClient.open(broker.port);
    expect(await endOffset(client, 0)).toBeGreaterThanOrEqual(acknowledged);
    // The last transaction is still open: what is stable ends before it.
    expect(await endOffset(client, 1)).toBeLessThan(await endOffset(client, 0));
    await client.ask('InitProducerId', 1, {
      transactionalId: 'x',
      transactionTimeoutMs: 1000,
      producerId: -1,
      producerEpoch: -1,
    });
    expect(await endOffset(client, 1)).toBe(await endOffset(client, 0));
    client.close();
    await broker.stop();
  }, 60_000);
});

describe('a broker whose disk is full', () => {
  it('refuses records with a storage error, serves on, and has whole batches only', async () => {
    const dir = newDirectory();
    const { child, port } = await spawnBroker(dir, 100);
    const client = await RawClient.open(port);
    const batch = recordBatch({ values });
    let acknowledged = 0;
    let errorCode = 0;
    for (let i = 0; i < 50 && errorCode === 0; i++) {
      const answer = await client.ask('Produce', 7, produceRequest(batch, null));
      const [topic] = answer['topics'] as { partitions: { errorCode: number }[] }[];
      errorCode = topic?.partitions[0]?.errorCode ?? -1;
      if (errorCode === 0) acknowledged += values.length;
    }
    expect(errorCode).toBe(56);
    expect(acknowledged).toBeGreaterThan(0);
    expect(await endOffset(client)).toBe(acknowledged);
    // There is room for a smaller batch.
    expect(await client.ask('Produce', 7, produceRequest(recordBatch(), null))).toMatchObject({
      topics: [{ partitions: [{ errorCode: 0, baseOffset: acknowledged }] }],
    });
    const exited = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await exited;
    const lines: string[] = [];
    const broker = await startBroker({ dir, log: (line) => lines.push(line) });
    const again = await RawClient.open(broker.port);
    expect(await endOffset(again)).toBe(acknowledged + 1);
    expect(lines).toEqual([]);
    again.close();
    await broker.stop();
  }, 60_000);
});

async function endOffset(client: RawClient, isolationLevel = 0): Promise<number> {
  const topics = [{ name: 'a', partitions: [{ index: 0, currentLeaderEpoch: -1, timestamp: -1 }] }];
  const answer = await client.ask('ListOffsets', 2, { replicaId: -1, isolationLevel, topics });
  return (answer['topics'] as { partitions: { offset: number }[] }[])[0]?.partitions[0]?.offset ?? -1;
}
