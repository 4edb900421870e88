import { KafkaError } from '../protocol/error-codes.ts';

/** Clients of versions before `since` know a fenced producer as one with an invalid epoch. */
export function fencedBefore(since: number, version: number, error: number): number {
  return version < since && error === KafkaError.producerFenced ? KafkaError.invalidProducerEpoch : error;
}
