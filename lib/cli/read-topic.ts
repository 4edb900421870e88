import { setTimeout as delay } from 'node:timers/promises';
import { registerConnectors } from '../connectors/index.ts';
import type { KafkaRecord } from '../connectors/kafka/kafka-record.ts';
import type { Offset } from '../io/offsets.ts';
import { createSource } from '../io/registry.ts';
import type { Source } from '../io/source.ts';
import { systemClock } from '../kernel/clock.ts';

/** A record as it is printed: a missing key and a tombstone are null. */
export type PrintedRecord = KafkaRecord<string | null, string | null>;

/** What to read of a topic. */
export interface Reading {
  readonly from: 'earliest' | 'latest' | number;
  readonly max: number;
  /** Ends at the end that the topic has when reading begins; otherwise it waits for more. */
  readonly untilEnd: boolean;
}

/** A block is printed and given back before the next: a topic of any size goes through. */
const recordsAtATime = 10_000;
const pollMs = 200;

/** The records of a topic, read by offsets as the engine reads them. Close it when done. */
export function openTopic(
  topic: string,
  brokers: readonly string[],
  warn: (text: string) => void,
): Source<PrintedRecord> {
  registerConnectors();
  const options = { brokers, topics: [topic], startingOffsets: 'earliest' };
  return createSource('kafka', options, { clock: systemClock, warn }) as Source<PrintedRecord>;
}

/** Emits records in the order of each partition until the reading ends. */
export async function readTopic(
  source: Source<PrintedRecord>,
  { from: start, max, untilEnd }: Reading,
  emit: (record: PrintedRecord) => void,
): Promise<void> {
  let position = await source.open(undefined);
  const { from, until: end } = await source.latestOffset(position, {});
  if (start === 'latest') position = end;
  else if (start !== 'earliest') position = skipTo(from, end, start);
  let left = max;
  for (;;) {
    const range = await source.latestOffset(position, { maxRecords: Math.min(left, recordsAtATime) });
    const until = untilEnd ? smaller(range.until, end) : range.until;
    let count = 0;
    for (const partition of source.read({ from: range.from, until })) {
      for await (const block of partition.blocks()) {
        block.forEach((record) => {
          if (count < left) emit(record);
          count += 1;
        });
      }
    }
    left -= count;
    position = until;
    if (left <= 0 || (untilEnd && isAt(position, end))) return;
    if (count === 0) await delay(pollMs);
  }
}

/** The offset in every partition, held within what each has. */
function skipTo(from: Offset, end: Offset, offset: number): Offset {
  return mapOffsets(end, (key, until) => Math.min(until, Math.max(offset, from[key] ?? 0)));
}

function smaller(a: Offset, b: Offset): Offset {
  return mapOffsets(a, (key, offset) => Math.min(offset, b[key] ?? offset));
}

function isAt(position: Offset, end: Offset): boolean {
  return Object.entries(end).every(([key, offset]) => (position[key] ?? 0) >= offset);
}

function mapOffsets(offsets: Offset, f: (key: string, offset: number) => number): Offset {
  return Object.fromEntries(Object.entries(offsets).map(([key, offset]) => [key, f(key, offset)]));
}
