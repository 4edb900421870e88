import { CodecWriter } from './codec-writer.ts';
import { raise } from './errors.ts';

/** Says in which partition a key belongs. The same key must always give the same partition: state is found by it after a restart. */
export interface Partitioner {
  readonly numPartitions: number;
  /** 0 <= result < numPartitions. */
  partitionOf(key: unknown): number;
}

/**
 * Spreads keys by a hash of their value. Keys that are equal by value go to the same partition, on every run and platform. `null`
 * goes to partition 0, as in Spark.
 */
export class HashPartitioner implements Partitioner {
  readonly numPartitions: number;

  constructor(numPartitions: number) {
    if (!Number.isInteger(numPartitions) || numPartitions < 1 || numPartitions > 65_536) {
      raise('CONFIG_VALUE', {
        name: 'numPartitions',
        value: numPartitions,
        expected: 'a whole number from 1 to 65536',
      });
    }
    this.numPartitions = numPartitions;
  }

  partitionOf(key: unknown): number {
    return this.numPartitions === 1 ? 0 : (hashOf(key) >>> 0) % this.numPartitions;
  }
}

const scratch = new CodecWriter();

function hashOf(key: unknown): number {
  if (typeof key === 'string') return hashText(key);
  if (typeof key === 'number' && (key | 0) === key) return mix(key | 0);
  if (key === null || key === undefined) return 0;
  const start = scratch.length;
  try {
    scratch.key(key);
    return hashBytes(scratch.bytes, start, scratch.length);
  } finally {
    scratch.length = start;
  }
}

function hashText(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** FNV-1a, with the bits spread afterwards: its low bits alone are poor. */
function hashBytes(bytes: Uint8Array, from: number, until: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = from; i < until; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return mix(hash);
}

function mix(hash: number): number {
  let spread = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  spread = Math.imul(spread ^ (spread >>> 13), 0xc2b2ae35);
  return spread ^ (spread >>> 16);
}
