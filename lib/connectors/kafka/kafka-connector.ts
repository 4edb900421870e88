import type { Connector } from '../../io/registry.ts';
import { KafkaSink } from './kafka-sink.ts';
import { KafkaSource } from './kafka-source.ts';
import { parseSinkOptions } from './sink-options.ts';
import { parseSourceOptions } from './source-options.ts';

/** Kafka as a source (`kafkaStream`) and as a sink (`toKafka`). Options are checked when either is made; nothing connects before. */
export function createKafkaConnector(): Connector {
  return {
    source: (options, context) => new KafkaSource(parseSourceOptions(options), context),
    sink: (options, context) => new KafkaSink(parseSinkOptions(options), context),
  };
}
