import { createRequire } from 'node:module';
import { createKafkaConnector } from '../../../lib/connectors/kafka/kafka-connector.ts';
import type { KafkaRecord } from '../../../lib/connectors/kafka/kafka-record.ts';
import { systemClock } from '../../../lib/kernel/clock.ts';
import type { Source } from '../../../lib/io/source.ts';
import { sourceContract } from '../../contracts/source.contract.ts';
import { KafkaWriter } from './kafka-writer.ts';

const { Kafka, logLevel } = createRequire(import.meta.url)('kafkajs') as typeof import('kafkajs');

/** Opens a source over topics of a broker. */
export function openSource(brokers: string, options: object, warn: (text: string) => void = () => undefined): Source {
  const { source } = createKafkaConnector();
  if (source === undefined) throw new Error('the connector has no source');
  return source({ brokers, startingOffsets: 'earliest', ...options }, { clock: systemClock, warn });
}

/** Runs the contract of sources over a Kafka cluster: the embedded broker, or a real one. */
export function kafkaSourceContract(name: string, brokersOf: () => string): void {
  let topics = 0;
  sourceContract(name, async () => {
    const brokers = brokersOf();
    const topic = `contract-${process.pid}-${Date.now()}-${topics++}`;
    const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true });
    const writer = new KafkaWriter(brokers);
    return {
      open: () => openSource(brokers, { topics: [topic] }),
      write: async (partition, values) => {
        await writer.write(topic, partition, values);
      },
      addPartition: async () => {
        await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
      },
      valueOf: (record) => (record as KafkaRecord).value,
      keyOf: (partition) => `${topic}-${partition}`,
      close: async () => {
        writer.close();
        await admin.deleteTopics({ topics: [topic] });
        await admin.disconnect();
      },
    };
  });
}
