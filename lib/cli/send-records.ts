import { registerConnectors } from '../connectors/index.ts';
import { createSink } from '../io/registry.ts';
import type { Sink } from '../io/sink.ts';
import { systemClock } from '../kernel/clock.ts';

/** A record to send; the partition follows from the key as Kafka's own clients choose it. */
export interface SentRecord {
  readonly key?: string;
  readonly value: string;
  readonly timestamp?: number;
}

/** A sink for one topic. Every write is acknowledged before it resolves. */
export function openProducer(
  topic: string,
  brokers: readonly string[],
  warn: (text: string) => void,
): Sink<SentRecord> {
  registerConnectors();
  return createSink('kafka', { brokers, topic }, { clock: systemClock, warn });
}
