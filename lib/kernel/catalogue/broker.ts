import type { ErrorEntry } from '../error-entry.ts';

export const brokerErrors = {
  BROKER_PROTOCOL: {
    message: 'A client sent what the Kafka protocol does not allow: {what}.',
    remedy: 'Its connection is closed and others are served; check that the client speaks Kafka, without TLS.',
  },
  BROKER_PORT_IN_USE: {
    message: 'The broker cannot listen on {host}:{port}: the address is in use.',
    remedy: 'Stop what listens there, or use port 0 for any free port.',
    exit: 2,
  },
  BROKER_LISTEN: {
    message: 'The broker cannot listen on {host}:{port}: {reason}.',
    remedy: 'Use an address of this machine and a port that this user may open.',
    exit: 2,
  },
  BROKER_TOPIC_SPEC: {
    message: '{spec} is not a topic with its partitions.',
    remedy: "Write name:partitions, several separated by commas, such as 'orders:3,clicks:1'.",
    exit: 2,
  },
  BROKER_TOPIC: {
    message: 'Topic {topic} cannot be created: {reason}.',
    remedy: 'Choose another name, partition count or configuration.',
    exit: 2,
  },
  BROKER_MEMORY_FULL: {
    message: 'The records of the broker in memory reached {limit} bytes; the producer got KAFKA_STORAGE_ERROR.',
    remedy: 'Set retentionBytes, raise limits.logBytes, or give the broker a directory.',
    retriable: true,
    exit: 6,
  },
  BROKER_OPTION: {
    message: 'There is no option {name} of {where}.',
    remedy: '{suggestion}',
    exit: 2,
  },
  BROKER_DIR_LOCKED: {
    message: 'Broker directory {dir} is in use by process {pid} on {host}.',
    remedy: 'Stop that broker, or use another directory.',
    exit: 4,
  },
  BROKER_DIR: {
    message: 'Broker directory {dir} cannot be used: {reason}.',
    remedy: 'Give the broker a directory that it may write to.',
    exit: 4,
  },
  BROKER_DIR_DAMAGED: {
    message: 'Broker directory {dir} is damaged: {what}.',
    remedy: 'Put back a copy, or remove the directory to start empty.',
    exit: 4,
  },
  BROKER_DIR_FORMAT: {
    message: 'Broker directory {dir} has format {found}; this version reads format {known}.',
    remedy: 'Use the version that wrote it, or another directory.',
    exit: 4,
  },
} as const satisfies Record<string, ErrorEntry>;
