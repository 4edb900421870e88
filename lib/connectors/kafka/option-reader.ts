import type { ConnectorOptions } from '../../io/registry.ts';
import { messageOf, raise } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import { TextOptions } from '../../io/text-options.ts';
import { parseAddress } from './cluster.ts';
import type { ConnectionOptions, SaslOptions } from './connection-options.ts';
import { readSecurity, type SecuritySettings } from './security-options.ts';

/** Reads options one by one and gathers what is wrong, so that a user sees all of it at once. */
export class OptionReader {
  readonly #options: ConnectorOptions;
  readonly #problems: string[] = [];

  constructor(options: ConnectorOptions, known: readonly string[]) {
    this.#options = options;
    for (const name of Object.keys(options)) {
      if (known.includes(name)) continue;
      const near = nearest(name, known);
      this.problem(
        `there is no option ${name}${near === undefined ? `; known are ${known.join(', ')}` : `, did you mean ${near}?`}`,
      );
    }
  }

  problem(text: string): void {
    this.#problems.push(text);
  }

  /** Raises what has been found. Call it once, at the end. */
  finish(what: string): void {
    if (this.#problems.length > 0) raise('KAFKA_OPTIONS', { what, problems: this.#problems.join('; ') });
  }

  value(name: string): unknown {
    return this.#options[name];
  }

  text<D extends string | undefined>(name: string, otherwise: D): string | D {
    const value = this.#options[name];
    if (value === undefined) return otherwise;
    if (typeof value === 'string' && value !== '') return value;
    this.problem(`${name} must be a text that is not empty`);
    return otherwise;
  }

  /** One text or a list of them. */
  texts(name: string): readonly string[] {
    const value = this.#options[name];
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (list.length > 0 && list.every((item) => typeof item === 'string' && item !== '')) {
      return [...new Set(list as string[])];
    }
    this.problem(`${name} must be a list of texts that is not empty`);
    return [];
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.#options[name];
    if (value === undefined) return otherwise;
    if (typeof value === 'boolean') return value;
    this.problem(`${name} must be true or false`);
    return otherwise;
  }

  number<D extends number | undefined>(
    name: string,
    otherwise: D,
    { min, max = Number.MAX_SAFE_INTEGER }: { readonly min: number; readonly max?: number },
  ): number | D {
    const value = this.#options[name];
    if (value === undefined) return otherwise;
    if (typeof value === 'number' && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
    this.problem(`${name} must be a number ${range}, not ${printed(value)}`);
    return otherwise;
  }

  connection(): ConnectionOptions {
    const security = this.#security();
    return {
      brokers: this.#brokers(),
      clientId: this.text('clientId', 'millrace'),
      ssl: security.ssl ?? this.#ssl(),
      sasl: security.sasl ?? this.#sasl(),
      connectionTimeoutMs: this.number('connectionTimeoutMs', 5000, { min: 1, max: 600_000 }),
      requestTimeoutMs: this.number('requestTimeoutMs', 15_000, { min: 1, max: 600_000 }),
      unreachableTimeoutMs: this.number('unreachableTimeoutMs', 300_000, { min: 0 }),
    };
  }

  #brokers(): readonly string[] {
    const value = this.#options['brokers'];
    if (value === undefined) {
      this.problem('brokers is missing');
      return [];
    }
    // One text with commas is what environments and command lines hold.
    const list = typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value;
    if (!Array.isArray(list) || list.length === 0 || list.some((item) => typeof item !== 'string' || item === '')) {
      this.problem("brokers must be a list such as ['localhost:9092']");
      return [];
    }
    for (const address of list as string[]) {
      try {
        parseAddress(address);
      } catch (error) {
        this.problem(`brokers: ${address} is not host:port (${messageOf(error)})`);
      }
    }
    return list as string[];
  }

  /** Kafka's own settings, as the structured engine passes them on. */
  #security(): SecuritySettings {
    const value = this.#options['security'];
    return value instanceof TextOptions ? readSecurity(value, this.#problems) : {};
  }

  #ssl(): ConnectionOptions['ssl'] {
    const value = this.#options['ssl'];
    if (value === undefined) return false;
    if (typeof value === 'boolean' || (typeof value === 'object' && value !== null)) return value;
    this.problem('ssl must be true, false or the options of tls.connect');
    return false;
  }

  #sasl(): SaslOptions | undefined {
    const value = this.#options['sasl'];
    if (value === undefined) return undefined;
    if (typeof value === 'object' && value !== null && 'mechanism' in value && typeof value.mechanism === 'string') {
      return value as SaslOptions;
    }
    this.problem("sasl must be an object such as { mechanism: 'plain', username, password }");
    return undefined;
  }
}

/** A value for the text of a problem. */
export function printed(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return String(value);
  return JSON.stringify(value) ?? typeof value;
}
