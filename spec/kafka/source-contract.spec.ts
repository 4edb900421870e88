import { kafkaSourceContract } from '../connectors/kafka/kafka-source-contract.ts';
import { realKafka } from './real-kafka.ts';

kafkaSourceContract('Apache Kafka', () => realKafka.bootstrap);
