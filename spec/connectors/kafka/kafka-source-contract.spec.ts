import { afterAll, beforeAll, jest } from '@jest/globals';
import { type Broker, startBroker } from '../../../lib/broker/index.ts';
import { kafkaSourceContract } from './kafka-source-contract.ts';

// Sockets and a broker: on a loaded machine they take their time.
jest.setTimeout(30_000);

// `MILLRACE_KAFKA=host:port` runs the same contract on that cluster.
const given = process.env['MILLRACE_KAFKA'];
let broker: Broker | undefined;

beforeAll(async () => {
  if (given === undefined) broker = await startBroker();
});

afterAll(async () => {
  await broker?.stop();
});

kafkaSourceContract(given === undefined ? 'Kafka (embedded broker)' : 'Kafka', () => given ?? broker?.bootstrap ?? '');
