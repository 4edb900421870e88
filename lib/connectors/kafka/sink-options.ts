import type { KafkaSinkOptions } from '../../io/kafka-sink-options.ts';
import type { ConnectorOptions } from '../../io/registry.ts';
import type { PackCodec } from './compression.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { OptionReader, printed } from './option-reader.ts';
import type { RowMapping } from './sink-row.ts';

/** The options of `toKafka`, checked and complete, with the topic that is its first argument. */
export interface SinkSettings extends ConnectionOptions {
  readonly topic: string;
  readonly mapping: RowMapping;
  readonly compression: 'none' | PackCodec;
  readonly batchBytes: number;
  readonly deliveryTimeoutMs: number;
}

const names = [
  'brokers',
  'topic',
  'key',
  'value',
  'compression',
  'batchBytes',
  'deliveryTimeoutMs',
  'security',
  'ssl',
  'sasl',
  'clientId',
  'connectionTimeoutMs',
  'requestTimeoutMs',
] as const satisfies readonly (keyof KafkaSinkOptions | 'topic' | 'security')[];

const compressions: readonly string[] = ['none', 'gzip', 'snappy', 'lz4'];

/** Checks the options of `toKafka` and reports everything that is wrong with them at once. */
export function parseSinkOptions(options: ConnectorOptions): SinkSettings {
  const reader = new OptionReader(options, names);
  const topic = reader.text('topic', undefined);
  if (options['topic'] === undefined) reader.problem('topic is missing');
  const settings: SinkSettings = {
    ...reader.connection(),
    topic: topic ?? '',
    mapping: { ...mapper(reader, 'key'), ...mapper(reader, 'value') },
    compression: readCompression(reader),
    batchBytes: reader.number('batchBytes', 512 << 10, { min: 1024, max: 1 << 30 }),
    deliveryTimeoutMs: reader.number('deliveryTimeoutMs', 120_000, { min: 1 }),
  };
  reader.finish('a Kafka sink');
  return settings;
}

function mapper(reader: OptionReader, part: 'key' | 'value'): RowMapping {
  const given = reader.value(part);
  if (given === undefined) return {};
  if (typeof given === 'function') return { [part]: given as (row: unknown) => unknown };
  reader.problem(`${part} must be a function of the row, not ${printed(given)}`);
  return {};
}

function readCompression(reader: OptionReader): SinkSettings['compression'] {
  const given = reader.value('compression') ?? 'none';
  if (typeof given === 'string' && compressions.includes(given)) return given as SinkSettings['compression'];
  reader.problem(`compression must be one of ${compressions.join(', ')}, not ${printed(given)}`);
  return 'none';
}
