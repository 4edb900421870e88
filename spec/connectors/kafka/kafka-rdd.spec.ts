import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Broker, startBroker } from '../../../lib/broker/index.ts';
import { type KafkaRange, type KafkaRecord, SparkContext } from '../../../lib/index.ts';
import { KafkaWriter } from './kafka-writer.ts';

// Sockets and a broker: on a loaded machine they take their time.
jest.setTimeout(30_000);

function range(partition: number, fromOffset: number, untilOffset: number): KafkaRange {
  return { topic: 't', partition, fromOffset, untilOffset };
}

describe('kafkaRDD', () => {
  let broker: Broker;

  beforeAll(async () => {
    broker = await startBroker({ topics: 't:2' });
    const writer = new KafkaWriter(broker.bootstrap);
    await writer.write('t', 0, ['a', 'b', 'c', 'd']);
    await writer.write('t', 1, ['x', 'y']);
    writer.close();
  });

  afterAll(async () => {
    await broker.stop();
  });

  const rdd = (...ranges: KafkaRange[]) =>
    new SparkContext().kafkaRDD<KafkaRecord>({ brokers: broker.bootstrap }, ranges);

  it('gives the records of each range as a partition, however often', async () => {
    const values = rdd(range(1, 0, 2), range(0, 1, 3), range(0, 4, 4)).map(({ value, offset }) => `${value}${offset}`);
    expect(await values.glom().collect()).toEqual([['x0', 'y1'], ['b1', 'c2'], []]);
    expect(await values.count()).toBe(4);
  });

  it('names the record where a function fails', async () => {
    const failing = rdd(range(0, 0, 4)).map(({ value }) => {
      if (value === 'c') throw new RangeError('c');
      return value;
    });
    await expect(failing.count()).rejects.toMatchObject({
      where: { operator: 'map', topic: 't', partition: 0, offset: 2 },
    });
  });

  it('names the record where a call of mapAsync fails', async () => {
    const failing = rdd(range(1, 0, 2), range(0, 1, 4)).mapAsync(async ({ value }) => {
      await Promise.resolve();
      if (value === 'd') throw new RangeError('d');
      return value;
    });
    await expect(failing.count()).rejects.toMatchObject({
      where: { operator: 'mapAsync', topic: 't', partition: 0, offset: 3 },
    });
  });

  it('fails where the records are not there', async () => {
    await expect(rdd(range(0, 9, 12)).count()).rejects.toMatchObject({ code: 'SOURCE_BEYOND_END' });
  });

  it('refuses options that do not exist', async () => {
    const wrong = new SparkContext().kafkaRDD({ brokers: broker.bootstrap, broker: 'x' } as never, [range(0, 0, 1)]);
    await expect(wrong.count()).rejects.toMatchObject({ code: 'KAFKA_OPTIONS' });
  });
});
