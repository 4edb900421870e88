import { structuredKillContract } from '../contracts/structured-kill.contract.ts';
import { realKafka } from './real-kafka.ts';

structuredKillContract('on Apache Kafka', () => realKafka.bootstrap, Number(process.env['MILLRACE_KILLS'] ?? 50));
