import { killContract } from '../contracts/kill.contract.ts';
import { realKafka } from './real-kafka.ts';

killContract('on Apache Kafka', () => realKafka.bootstrap, Number(process.env['MILLRACE_KILLS'] ?? 50));
