import { type ConnectorContext, createSink } from '../../../io/registry.ts';
import type { Sink } from '../../../io/sink.ts';
import { TextOptions } from '../../../io/text-options.ts';
import { raise } from '../../../kernel/errors.ts';
import { nearest } from '../../../kernel/nearest.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import type { InternalRow, InternalValue } from '../../types/data-type.ts';
import { typeText } from '../../types/type-text.ts';
import type { QuerySink, SinkBatch } from '../query-sink.ts';

const expected =
  "It takes value (string or binary) and optionally key (string or binary), topic (string), partition (int) and headers (array<struct<key:string,value:binary>>): selectExpr('CAST(k AS STRING) AS key', 'to_json(struct(*)) AS value').";

/**
 * Writes rows to Kafka, at least once: `end` resolves when every record is acknowledged, and a batch that runs again writes its records
 * again. The topic is the option's, or else the row's.
 */
export function kafkaSink(options: TextOptions, output: readonly Attribute[], context: ConnectorContext): QuerySink {
  const column = columnsOf(output);
  const brokers = options.get('kafka.bootstrap.servers');
  if (brokers === undefined) {
    raise('SINK_OPTION_MISSING', {
      format: 'kafka',
      what: 'addresses of brokers',
      example: ".option('kafka.bootstrap.servers', 'localhost:9092')",
    });
  }
  const fixed = options.get('topic');
  if (fixed === undefined && column['topic'] === undefined) {
    raise('SINK_OPTION_MISSING', {
      format: 'kafka',
      what: 'a topic',
      example: ".option('topic', 'results'), or a column topic",
    });
  }
  refuseUnknown(options);
  const producer = producerOptions(options);
  const open = (topic: string): Sink => createSink('kafka', { brokers, topic, ...producer }, context);
  // Made and not used: what is wrong with the options is said now, and not in the first batch.
  open(fixed ?? 'topic');
  return new KafkaTableSink(open, column, fixed);
}

const known = ['kafka.bootstrap.servers', 'topic', 'includeHeaders', 'checkpointLocation', 'path'];

function refuseUnknown(options: TextOptions): void {
  for (const [name] of options.entries()) {
    const lower = name.toLowerCase();
    if (lower.startsWith('kafka.') || known.some((one) => one.toLowerCase() === lower)) continue;
    const near = nearest(lower, known);
    raise('SINK_OPTION_UNKNOWN', {
      format: 'kafka',
      name,
      suggestion:
        near === undefined
          ? `There are ${known.join(', ')}, and Kafka's own settings with kafka. before them.`
          : `Did you mean ${near}?`,
    });
  }
}

function producerOptions(options: TextOptions): Readonly<Record<string, unknown>> {
  const made: Record<string, unknown> = { security: options };
  const compression = options.get('kafka.compression.type');
  if (compression !== undefined) made['compression'] = compression;
  const clientId = options.get('kafka.client.id');
  if (clientId !== undefined) made['clientId'] = clientId;
  const timeout = options.get('kafka.delivery.timeout.ms');
  if (timeout !== undefined) made['deliveryTimeoutMs'] = Number(timeout);
  return made;
}

type Columns = Readonly<Record<'key' | 'value' | 'topic' | 'partition' | 'headers', number | undefined>>;

function columnsOf(output: readonly Attribute[]): Columns {
  const find = (name: string, types: readonly string[]): number | undefined => {
    const at = output.findIndex((column) => column.name.toLowerCase() === name);
    const found = output[at];
    if (found === undefined) return undefined;
    const type = typeText(found.type);
    if (!types.includes(type)) raise('SINK_COLUMNS', { format: 'kafka', problem: `${name} is ${type}`, expected });
    return at;
  };
  const columns = {
    key: find('key', ['string', 'binary', 'void']),
    value: find('value', ['string', 'binary']),
    topic: find('topic', ['string']),
    partition: find('partition', ['int']),
    headers: find('headers', ['array<struct<key:string,value:binary>>']),
  };
  if (columns.value === undefined) {
    raise('SINK_COLUMNS', { format: 'kafka', problem: 'there is no column value', expected });
  }
  return columns;
}

class KafkaTableSink implements QuerySink {
  readonly description = 'KafkaTable';
  readonly #open: (topic: string) => Sink;
  readonly #column: Columns;
  readonly #fixed: string | undefined;
  readonly #sinks = new Map<string, Sink>();
  #batch: SinkBatch = { batchId: 0, attempt: 1 };
  #rows = new Map<string, InternalRow[]>();

  constructor(open: (topic: string) => Sink, column: Columns, fixed: string | undefined) {
    this.#open = open;
    this.#column = column;
    this.#fixed = fixed;
  }

  begin(batch: SinkBatch): void {
    this.#batch = batch;
    this.#rows = new Map();
  }

  add(row: InternalRow): void {
    const topic = this.#fixed ?? this.#value(row, 'topic');
    if (typeof topic !== 'string') {
      raise('SINK_COLUMNS', {
        format: 'kafka',
        problem: 'a row has no topic',
        expected: "Give .option('topic', ...), or see to it that the column topic is never null.",
      });
    }
    const rows = this.#rows.get(topic);
    if (rows === undefined) this.#rows.set(topic, [row]);
    else rows.push(row);
  }

  async end(): Promise<void> {
    const { batchId, attempt } = this.#batch;
    const work = [...this.#rows].map(async ([topic, rows]) => {
      const sink = this.#sinks.get(topic) ?? this.#open(topic);
      this.#sinks.set(topic, sink);
      await sink.write({ batchTime: batchId, operation: 'query', attempt }, this.#records(rows));
    });
    this.#rows = new Map();
    await Promise.all(work);
  }

  async close(): Promise<void> {
    for (const sink of this.#sinks.values()) await sink.close();
    this.#sinks.clear();
  }

  *#records(rows: readonly InternalRow[]): Generator {
    for (const row of rows) {
      const partition = this.#value(row, 'partition');
      const headers = this.#value(row, 'headers') as readonly (readonly [name: string, value: unknown])[] | null;
      yield {
        key: this.#value(row, 'key'),
        value: this.#value(row, 'value'),
        ...(partition === null ? {} : { partition }),
        ...(headers === null ? {} : { headers: headersOf(headers) }),
      };
    }
  }

  #value(row: InternalRow, name: keyof Columns): InternalValue {
    const at = this.#column[name];
    return at === undefined ? null : (row[at] ?? null);
  }
}

/** By name; a name that occurs more than once has a list. */
function headersOf(list: readonly (readonly [name: string, value: unknown])[]): Readonly<Record<string, unknown>> {
  const headers: Record<string, unknown[]> = Object.create(null) as Record<string, unknown[]>;
  for (const [name, value] of list) (headers[name] ??= []).push(value);
  return headers;
}
