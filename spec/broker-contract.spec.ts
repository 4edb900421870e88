import { startBroker } from '../lib/broker/index.ts';
import { kafkaBrokerContract } from './contracts/kafka-broker.contract.ts';

kafkaBrokerContract('the embedded broker', async () => {
  const broker = await startBroker({ autoCreateTopics: false, limits: { minSessionTimeoutMs: 1000 } });
  return { bootstrap: broker.bootstrap, close: async () => await broker.stop() };
});
