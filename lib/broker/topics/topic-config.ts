import type { LogConfig } from '../log/log-config.ts';

/** The types of configuration values as DescribeConfigs tells them. */
export const ConfigType = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 } as const;

export interface ConfigDefinition {
  readonly type: number;
  readonly default: string;
  readonly documentation: string;
  readonly isValid: (value: string) => boolean;
}

const maxLong = '9223372036854775807';
const maxInt = 0x7fffffff;

/**
 * The configuration keys of a topic. All of Kafka's common keys are taken and described; the ones whose text says so have an effect here.
 */
export const topicConfigs: Readonly<Record<string, ConfigDefinition>> = {
  'cleanup.policy': list(
    'delete',
    ['delete', 'compact'],
    'delete removes old segments; compact needs keys, old values stay.',
  ),
  'compression.type': oneOf(
    'producer',
    ['producer', 'none', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'],
    'Not applied: batches stay as they came.',
  ),
  'delete.retention.ms': long('86400000', 0, 'Not applied.'),
  'file.delete.delay.ms': long('60000', 0, 'Not applied: files are deleted at once.'),
  'flush.messages': long(maxLong, 1, 'Not applied: the operating system writes files back.'),
  'flush.ms': long(maxLong, 0, 'Not applied: the operating system writes files back.'),
  'index.interval.bytes': int('4096', 0, 'Not applied: every batch is in the index.'),
  'max.compaction.lag.ms': long(maxLong, 1, 'Not applied.'),
  'max.message.bytes': int('1048588', 0, 'The largest record batch that is taken, as compressed.'),
  'message.timestamp.after.max.ms': long('3600000', 0, 'How far a timestamp may lie in the future.'),
  'message.timestamp.before.max.ms': long(maxLong, 0, 'How far a timestamp may lie in the past.'),
  'message.timestamp.type': oneOf(
    'CreateTime',
    ['CreateTime', 'LogAppendTime'],
    "The producer's time or the broker's.",
  ),
  'min.cleanable.dirty.ratio': number('0.5', 0, 1, 'Not applied.'),
  'min.compaction.lag.ms': long('0', 0, 'Not applied.'),
  'min.insync.replicas': int('1', 1, 'Not applied: there is one broker.'),
  preallocate: oneOf('false', ['false', 'true'], 'Not applied.'),
  'retention.bytes': long('-1', -1, 'Bytes kept per partition; -1 keeps all.'),
  'retention.ms': long('-1', -1, 'Age after which segments are removed; -1, unlike in Kafka the default, keeps all.'),
  'segment.bytes': int('1073741824', 14, 'Size at which a segment is closed; retention removes whole segments.'),
  'segment.index.bytes': int('10485760', 4, 'Not applied.'),
  'segment.jitter.ms': long('0', 0, 'Not applied.'),
  'segment.ms': long('604800000', 1, 'Not applied.'),
  'unclean.leader.election.enable': oneOf('false', ['false', 'true'], 'Not applied: there is one broker.'),
};

/** Why Kafka does not take this key and value; undefined when it does. */
export function topicConfigProblem(name: string, value: string | null): string | undefined {
  const definition = topicConfigs[name];
  if (definition === undefined || !Object.hasOwn(topicConfigs, name)) return `Unknown topic config name: ${name}`;
  if (value === null) return `Null value not supported for topic configs: ${name}`;
  return definition.isValid(value) ? undefined : `Invalid value ${value} for configuration ${name}`;
}

/** What the values set on a topic, over the defaults, mean to its logs. */
export function toLogConfig(values: ReadonlyMap<string, string>, defaults: ReadonlyMap<string, string>): LogConfig {
  const text = (name: string): string => values.get(name) ?? defaults.get(name) ?? topicConfigs[name]?.default ?? '';
  const policies = new Set(text('cleanup.policy').split(/\s*,\s*/u));
  return {
    segmentBytes: Number(text('segment.bytes')),
    retentionBytes: Number(text('retention.bytes')),
    retentionMs: Number(text('retention.ms')),
    maxMessageBytes: Number(text('max.message.bytes')),
    isLogAppendTime: text('message.timestamp.type') === 'LogAppendTime',
    timestampBeforeMaxMs: Number(text('message.timestamp.before.max.ms')),
    timestampAfterMaxMs: Number(text('message.timestamp.after.max.ms')),
    isCompacted: policies.has('compact'),
    removesOldSegments: policies.has('delete'),
  };
}

function int(fallback: string, least: number, documentation: string): ConfigDefinition {
  return {
    type: ConfigType.int,
    default: fallback,
    documentation,
    isValid: (value) => isInteger(value, least, maxInt),
  };
}

function long(fallback: string, least: number, documentation: string): ConfigDefinition {
  return {
    type: ConfigType.long,
    default: fallback,
    documentation,
    isValid: (value) => isInteger(value, least, 2 ** 63),
  };
}

function number(fallback: string, least: number, most: number, documentation: string): ConfigDefinition {
  const isValid = (value: string): boolean => value.trim() !== '' && Number(value) >= least && Number(value) <= most;
  return { type: ConfigType.double, default: fallback, documentation, isValid };
}

function oneOf(fallback: string, values: readonly string[], documentation: string): ConfigDefinition {
  return { type: ConfigType.string, default: fallback, documentation, isValid: (value) => values.includes(value) };
}

function list(fallback: string, values: readonly string[], documentation: string): ConfigDefinition {
  const isValid = (value: string): boolean => value.split(',').every((part) => values.includes(part.trim()));
  return { type: ConfigType.list, default: fallback, documentation, isValid };
}

function isInteger(value: string, least: number, most: number): boolean {
  return /^\s*-?\d+\s*$/u.test(value) && Number(value) >= least && Number(value) <= most;
}
