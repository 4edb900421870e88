import type { ErrorEntry } from '../error-entry.ts';

export const kafkaErrors = {
  KAFKA_OPTIONS: {
    message: 'The options of {what} cannot be used: {problems}.',
    remedy: 'Correct all of them; the options are described at `kafkaStream` and `toKafka`.',
    exit: 2,
  },
  KAFKA_UNREACHABLE: {
    message: 'No Kafka broker could be reached at {addresses}: {reason}.',
    remedy: 'Start the broker or correct `brokers` (`millrace broker` starts one for development).',
    retriable: true,
    exit: 3,
  },
  KAFKA_CONNECTION_LOST: {
    message: 'The connection to the Kafka broker {address} ended: {reason}.',
    remedy: 'Check that the broker is up; nothing is lost, the batch runs again at the next start.',
    retriable: true,
    exit: 3,
  },
  KAFKA_NO_ANSWER: {
    message: '{address} accepted the connection but did not answer {request} within {timeoutMs} ms.',
    remedy: 'Check that a Kafka broker listens there and is healthy, or raise `requestTimeoutMs`.',
    retriable: true,
    exit: 3,
  },
  KAFKA_HANDSHAKE_FAILED: {
    message: '{address} does not accept {protocol}: {reason}.',
    remedy: 'Check the port and the options `ssl` and `sasl` against the listener of the broker.',
    exit: 2,
  },
  KAFKA_AUTHENTICATION_FAILED: {
    message: 'The Kafka broker {address} refused the login with {mechanism}: {reason}.',
    remedy: 'Check user name, password and mechanism in `sasl`.',
    exit: 2,
  },
  KAFKA_ACCESS_DENIED: {
    message: 'The Kafka broker denies access to {resource}.',
    remedy: 'Grant this user the operation {operation} on it.',
    exit: 2,
  },
  KAFKA_UNKNOWN_TOPIC: {
    message: 'There is no topic {topic} on {addresses}.',
    remedy: '{suggestion}',
    exit: 2,
  },
  KAFKA_UNKNOWN_PARTITION: {
    message: 'Topic {topic} has no partition {partition}; it has {count}.',
    remedy: 'Name partitions from 0 to {last}.',
    exit: 2,
  },
  KAFKA_STARTING_OFFSETS: {
    message: '`startingOffsets` does not say where {partitions} begin.',
    remedy: 'Give every partition of every topic an offset, or use earliest, latest or a timestamp.',
    exit: 2,
  },
  KAFKA_NOTHING_SINCE: {
    message: 'The partition {partition} has no record at or after {timestamp}, where it is to begin.',
    remedy: 'Give an earlier time, or set startingOffsetsByTimestampStrategy to latest to begin at its end.',
    exit: 2,
  },
  KAFKA_VERSION: {
    message: 'The broker {address} offers {api} in versions {offered}; this build speaks {spoken}.',
    remedy: 'Use Kafka 0.11 or later.',
    exit: 2,
  },
  KAFKA_BROKER_ERROR: {
    message: 'The Kafka broker answered {request} with {error}.',
    remedy: 'See the log of the broker for the reason.',
  },
  KAFKA_BROKER_BUSY: {
    message: 'The Kafka broker answered {request} with {error}, which should pass.',
    remedy: 'Check the health of the cluster: leaders are moving or missing.',
    retriable: true,
    exit: 3,
  },
  KAFKA_DAMAGED_ANSWER: {
    message: 'The answer of {address} to {request} cannot be read: {reason}.',
    remedy: 'Check that a Kafka broker listens there.',
    exit: 3,
  },
  KAFKA_CORRUPT_BATCH: {
    message: 'A record batch in the log is damaged: {reason}.',
    remedy: 'Restore the partition from a replica, or begin behind the damage with `startingOffsets`.',
    exit: 7,
  },
  KAFKA_RECORD_TOO_LARGE: {
    message: 'A record or its batch takes {sizeBytes} bytes, more than the {limitBytes} allowed.',
    remedy: 'Raise `maxRecordBytes`, or begin behind it with `startingOffsets`.',
  },
  KAFKA_BATCH_TOO_LARGE: {
    message: 'A compressed batch ({codec}) unpacks to more than {limitBytes} bytes.',
    remedy: 'Raise `maxBufferedBytes` if the data is meant to be like this.',
  },
  KAFKA_CODEC: {
    message: 'The records are compressed with {codec}, which this Node ({version}) cannot unpack.',
    remedy: 'Run Node 22.15 or later for zstd, or let producers use gzip, snappy or lz4.',
  },
  KAFKA_DESERIALIZE: {
    message: 'The {part} of a record cannot be read as {format}: {reason}.',
    remedy: "Read it as it is, with `'buffer'` in `deserialize`, and handle such records yourself.",
  },
  KAFKA_READER_ENDED: {
    message: 'The thread that reads from Kafka ended: {reason}.',
    remedy: 'Start again: the batch runs again with the same records.',
    retriable: true,
  },
  KAFKA_CLOSED: {
    message: 'The Kafka {what} was closed while {work}.',
    remedy: 'Stop the batches before closing it.',
  },
  KAFKA_SEND_ROW: {
    message: 'A row cannot be sent to Kafka: {reason}.',
    remedy: 'Send texts, bytes, plain objects, pairs of key and value, or records with `value`.',
    exit: 9,
  },
  KAFKA_SEND_PARTITION: {
    message: 'A row names partition {partition} of topic {topic}, which has {count}.',
    remedy: 'Name partitions from 0 to {last}, or leave the choice to the key.',
    exit: 9,
  },
  KAFKA_SEND_TOO_LARGE: {
    message: 'A record of {sizeBytes} bytes for topic {topic} is larger than {limit}.',
    remedy: 'Send smaller records, or raise `max.message.bytes` of the topic and `maxRecordBytes` here.',
    exit: 9,
  },
  KAFKA_SEND_FAILED: {
    message: 'Writing to topic {topic} failed: {reason}.',
    remedy: 'The batch is not committed and runs again; records that were already written then appear twice.',
    exit: 9,
  },
} as const satisfies Record<string, ErrorEntry>;
