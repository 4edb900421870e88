import type { ConnectorOptions } from '../../io/registry.ts';
import type { PackCodec } from './compression.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { OptionReader, printed } from './option-reader.ts';
import type { RowMapping } from './sink-row.ts';

/** The options of `toKafka`, as a user writes them; `topic` is its first argument. */
interface KafkaSinkOptions {
  readonly brokers: readonly string[] | string;
  readonly topic: string;
  /** Makes the key of a row. Without it the row's own shape says it. */
  readonly key?: (row: never) => unknown;
  /** Makes the value of a row. Without it the row's own shape says it. */
  readonly value?: (row: never) => unknown;
  readonly compression?: 'none' | PackCodec;
  /** Records of one partition are gathered into batches of up to this many bytes; 512 KiB. */
  readonly batchBytes?: number;
  /** How long writing is tried before the batch fails; 2 minutes. */
  readonly deliveryTimeoutMs?: number;
  readonly ssl?: ConnectionOptions['ssl'];
  readonly sasl?: ConnectionOptions['sasl'];
  readonly clientId?: string;
  readonly connectionTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
}

/** The same, checked and complete. */
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
  'ssl',
  'sasl',
  'clientId',
  'connectionTimeoutMs',
  'requestTimeoutMs',
] as const satisfies readonly (keyof KafkaSinkOptions)[];

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
