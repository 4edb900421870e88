import type { Clock } from '../kernel/clock.ts';
import { raise } from '../kernel/errors.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';

/** Options as the user gave them; each connector checks its own and names what is wrong. */
export type ConnectorOptions = Readonly<Record<string, unknown>>;

export interface Connector {
  readonly source?: (options: ConnectorOptions, context: ConnectorContext) => Source;
  readonly sink?: (options: ConnectorOptions, context: ConnectorContext) => Sink;
}

export interface ConnectorContext {
  readonly clock: Clock;
  /** Only offsets are asked for: others of the same options read, in other threads. */
  readonly readsElsewhere?: boolean;
  /** Told to people, not to programs: retries, new partitions, dropped records. */
  warn(text: string): void;
}

const connectors = new Map<string, Connector>();

/** Makes a format known. Done once, where the package is wired together; engines never import a connector. */
export function registerConnector(format: string, connector: Connector): void {
  connectors.set(format, connector);
}

export function createSource(format: string, options: ConnectorOptions, context: ConnectorContext): Source {
  const create = connectors.get(format)?.source;
  if (create === undefined) return unknown(format, 'read from');
  return create(options, context);
}

export function createSink(format: string, options: ConnectorOptions, context: ConnectorContext): Sink {
  const create = connectors.get(format)?.sink;
  if (create === undefined) return unknown(format, 'write to');
  return create(options, context);
}

function unknown(format: string, action: string): never {
  raise('SOURCE_UNKNOWN_FORMAT', { format, action, known: [...connectors.keys()].join(', ') });
}
