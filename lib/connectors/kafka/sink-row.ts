import { messageOf, MillraceError, raise } from '../../kernel/errors.ts';
import type { OutgoingRecord } from './record-batch-encoder.ts';

/** How rows become records, where their own shape does not say it. */
export interface RowMapping {
  readonly key?: (row: unknown) => unknown;
  readonly value?: (row: unknown) => unknown;
}

/** A record with the partition it asks for, if any. */
export interface RoutedRecord extends OutgoingRecord {
  readonly partition: number | undefined;
}

/** A row is taken as a record when it has a value and nothing that a record does not have. */
const recordFields = new Set(['topic', 'partition', 'offset', 'timestamp', 'key', 'value', 'headers']);

/**
 * Makes a Kafka record of a row:
 * - a text or bytes: the value, without a key;
 * - a pair `[key, value]`;
 * - a record `{ key?, value, headers?, partition?, timestamp? }`; one that was read from Kafka (it has an offset) keeps key, value
 *   and headers, and gets a partition and time of its own;
 * - any other object or array: its JSON.
 *
 * In keys and values numbers, booleans and bigints become text, other objects JSON, and null stays null: a tombstone.
 * `key` and `value` of the mapping take precedence.
 */
export function recordOfRow(row: unknown, mapping: RowMapping, nowMs: number): RoutedRecord {
  const parts = partsOf(row);
  const key = mapping.key === undefined ? parts.key : call(mapping.key, row, 'key');
  const value = mapping.value === undefined ? parts.value : call(mapping.value, row, 'value');
  return {
    key: bytesOf(key, 'key'),
    value: bytesOf(value, 'value'),
    headers: headersOf(parts.headers),
    timestamp: timestampOf(parts.timestamp, nowMs),
    partition: partitionOf(parts.partition),
  };
}

interface Parts {
  readonly key: unknown;
  readonly value: unknown;
  readonly headers?: unknown;
  readonly partition?: unknown;
  readonly timestamp?: unknown;
}

function partsOf(row: unknown): Parts {
  if (row === null || row === undefined) return raise('KAFKA_SEND_ROW', { reason: `it is ${String(row)}` });
  if (Array.isArray(row) && row.length === 2) return { key: row[0], value: row[1] };
  if (!isRecord(row)) return { key: null, value: row };
  const { key = null, value, headers } = row;
  return 'offset' in row
    ? { key, value, headers }
    : { key, value, headers, partition: row['partition'], timestamp: row['timestamp'] };
}

function isRecord(row: unknown): row is { readonly [field: string]: unknown; readonly value: unknown } {
  return (
    typeof row === 'object' &&
    row !== null &&
    !(row instanceof Uint8Array) &&
    'value' in row &&
    Object.keys(row).every((name) => recordFields.has(name))
  );
}

function call(map: (row: unknown) => unknown, row: unknown, part: string): unknown {
  try {
    return map(row);
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    return raise(
      'KAFKA_SEND_ROW',
      { reason: `the function for its ${part} threw: ${messageOf(error)}` },
      { cause: error },
    );
  }
}

function bytesOf(value: unknown, part: string): Uint8Array | null {
  if (value === null) return null;
  if (typeof value === 'string') return Buffer.from(value);
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return Buffer.from(String(value));
  const json = typeof value === 'object' ? jsonOf(value, part) : undefined;
  return json === undefined ? raise('KAFKA_SEND_ROW', { reason: `its ${part} is ${typeof value}` }) : Buffer.from(json);
}

function jsonOf(value: object, part: string): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    return raise('KAFKA_SEND_ROW', { reason: `its ${part} has no JSON: ${messageOf(error)}` }, { cause: error });
  }
}

function headersOf(headers: unknown): OutgoingRecord['headers'] {
  if (headers === undefined || headers === null) return [];
  if (typeof headers !== 'object') return raise('KAFKA_SEND_ROW', { reason: 'its headers are no object' });
  return Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).map((one: unknown) => [name, bytesOf(one, `header ${name}`)] as const),
  );
}

function timestampOf(timestamp: unknown, nowMs: number): number {
  if (timestamp === undefined) return nowMs;
  const ms = timestamp instanceof Date ? timestamp.getTime() : timestamp;
  if (Number.isSafeInteger(ms) && (ms as number) >= 0) return ms as number;
  return raise('KAFKA_SEND_ROW', { reason: 'its timestamp is no number of milliseconds' });
}

function partitionOf(partition: unknown): number | undefined {
  if (partition === undefined || (Number.isSafeInteger(partition) && (partition as number) >= 0)) {
    return partition as number | undefined;
  }
  return raise('KAFKA_SEND_ROW', { reason: 'its partition is no partition number' });
}
