import { failure, type ErrorWhere, type MillraceError } from '../../kernel/errors.ts';

/** Error codes of the Kafka protocol that matter here, by name. */
export const kafkaCode = {
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  messageTooLarge: 10,
  invalidTopic: 17,
  recordListTooLarge: 18,
  topicAuthorizationFailed: 29,
} as const;

const names: Readonly<Record<number, string>> = {
  [-1]: 'UNKNOWN_SERVER_ERROR',
  1: 'OFFSET_OUT_OF_RANGE',
  2: 'CORRUPT_MESSAGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_OR_FOLLOWER',
  7: 'REQUEST_TIMED_OUT',
  9: 'REPLICA_NOT_AVAILABLE',
  10: 'MESSAGE_TOO_LARGE',
  13: 'NETWORK_EXCEPTION',
  17: 'INVALID_TOPIC_EXCEPTION',
  18: 'RECORD_LIST_TOO_LARGE',
  19: 'NOT_ENOUGH_REPLICAS',
  20: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  35: 'UNSUPPORTED_VERSION',
  43: 'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  56: 'KAFKA_STORAGE_ERROR',
  72: 'LISTENER_NOT_FOUND',
  74: 'FENCED_LEADER_EPOCH',
  75: 'UNKNOWN_LEADER_EPOCH',
  76: 'UNSUPPORTED_COMPRESSION_TYPE',
  78: 'OFFSET_NOT_AVAILABLE',
  87: 'INVALID_RECORD',
};

/** A leader that moves, a broker that starts: asking again after new metadata helps. */
const passing = new Set([3, 5, 6, 7, 9, 13, 14, 15, 16, 19, 20, 56, 72, 74, 75, 78]);

export function codeName(code: number): string {
  return names[code] ?? `error ${code}`;
}

/** The coded error of an error code that a broker answered with. */
export function protocolFailure(code: number, request: string, where: ErrorWhere = {}): MillraceError {
  if (code === kafkaCode.topicAuthorizationFailed) {
    const operation = request === 'Produce' ? 'Write' : 'Read';
    return failure('KAFKA_ACCESS_DENIED', { resource: `topic ${where.topic ?? ''}`, operation }, { where });
  }
  const params = { request, error: codeName(code) };
  return failure(passing.has(code) ? 'KAFKA_BROKER_BUSY' : 'KAFKA_BROKER_ERROR', params, { where });
}
