/** Fields that say when, where or in what words, not what: no two brokers need to agree on them. */
const dropped = new Set([
  'throttleTime',
  'throttleTimeMs',
  'clientSideThrottleTime',
  'errorMessage',
  'host',
  'port',
  'rack',
  'clusterId',
  'clientHost',
  'preferredReadReplica',
]);

/** Ids that the broker makes up, by the field they stand in. */
const numbered: Readonly<Record<string, string>> = {
  producerId: 'producer',
  memberId: 'member',
  leaderId: 'member',
  members: 'member',
  nodeId: 'node',
  leader: 'node',
  controllerId: 'node',
  replicas: 'node',
  isr: 'node',
  offlineReplicas: 'node',
};

/** Records of the scripts are older than this; what is newer got its time from the broker. */
const recent = 1_768_000_000_000;

/** Lists without an order of their own are put in the order of the first of these fields that their rows have. */
const orders = ['partition', 'partitionId', 'partitionIndex', 'topic', 'topicName', 'name', 'groupId', 'configName'];

/** Turns what a broker answered into a form that reads the same at every run and on every broker that behaves the same. */
export class Aliases {
  readonly #prefix: string;
  readonly #seen = new Map<string, Map<unknown, string>>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  unique(plain: string): string {
    return this.#prefix + plain;
  }

  plain(value: unknown, field = ''): unknown {
    if (typeof value === 'bigint') return this.plain(value.toString(), field);
    if (value instanceof Error) return { error: (value as { type?: string }).type ?? value.name };
    if (ArrayBuffer.isView(value)) {
      return this.#text(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'));
    }
    if (Array.isArray(value)) return this.#list(value, field);
    if (isLong(value)) return this.plain(value.toString(), field);
    if (value !== null && typeof value === 'object') return this.#object(value);
    const kind = numbered[field];
    if (kind !== undefined && (typeof value === 'string' || typeof value === 'number'))
      return this.#number(kind, value);
    if (field === 'timestamp' && Number(value) > recent) return 'the time of a marker';
    return typeof value === 'string' ? this.#text(value) : (value ?? null);
  }

  #text(text: string): string {
    return text.replaceAll(this.#prefix, '');
  }

  #number(kind: string, id: string | number): unknown {
    if (id === '' || String(id) === '-1') return id;
    const seen = this.#seen.get(kind) ?? new Map<unknown, string>();
    this.#seen.set(kind, seen);
    const alias = seen.get(String(id)) ?? `${kind} ${seen.size + 1}`;
    seen.set(String(id), alias);
    return alias;
  }

  #list(rows: readonly unknown[], field: string): unknown {
    const plain = rows.map((row) => this.plain(row, field));
    const first = plain[0];
    if (first === null || typeof first !== 'object') return plain;
    const order = orders.find((name) => name in first);
    if (order === undefined) return plain;
    const key = (row: unknown): string => String((row as Record<string, unknown>)[order]).padStart(12, '0');
    return plain.toSorted((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
  }

  #object(value: object): Record<string, unknown> {
    const plain: Record<string, unknown> = {};
    const isControl =
      ('isControlRecord' in value && value.isControlRecord === true) ||
      ('isControlBatch' in value && value.isControlBatch === true);
    for (const [name, field] of Object.entries('abortedTransactions' in value ? withinFetched(value) : value)) {
      if (dropped.has(name)) continue;
      // The time of a control record is the broker's own.
      if (isControl && /timestamp/iu.test(name)) continue;
      plain[name] = this.plain(field, name);
    }
    return plain;
  }
}

/**
 * Without the aborted transactions that begin after the records of the answer: how far a broker looks ahead depends on its index, and a
 * reader has no use for them.
 */
function withinFetched(answer: object): object {
  const { abortedTransactions, messages } = answer as {
    abortedTransactions: readonly { readonly firstOffset: string }[];
    messages: readonly { readonly offset: string }[];
  };
  const last = Number(messages.at(-1)?.offset ?? -1);
  return {
    ...answer,
    abortedTransactions: abortedTransactions.filter(({ firstOffset }) => Number(firstOffset) <= last),
  };
}

/** kafkajs reads 64-bit fields into a class of its own around a bigint. */
function isLong(value: unknown): value is { toString(): string } {
  return value !== null && typeof value === 'object' && value.constructor.name === 'Long';
}
