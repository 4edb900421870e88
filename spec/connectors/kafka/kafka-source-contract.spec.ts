import { afterAll, beforeAll } from '@jest/globals';
import { type Broker, startBroker } from '../../../lib/broker/index.ts';
import { kafkaSourceContract } from './kafka-source-contract.ts';

let broker: Broker | undefined;

beforeAll(async () => {
  broker = await startBroker();
});

afterAll(async () => {
  await broker?.stop();
});

kafkaSourceContract('Kafka (embedded broker)', () => broker?.bootstrap ?? '');
