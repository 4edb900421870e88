import { MillraceError, raise } from '../kernel/errors.ts';
import { type Duration, durationMs } from '../kernel/time.ts';

/** Bounds of a number, both included. */
export interface Bounds {
  readonly min: number;
  readonly max?: number;
}

/**
 * The values of a command: flag, then the environment variable `MILLRACE_<FLAG>`, then the default given here.
 *
 * Every wrong value is `CLI_OPTION` with the option's name and what it may be; no default is ever wrong.
 *
 * @example
 * new Flags({ interval: '2s' }, {}).duration('interval', '1s')   // => 2000
 */
export class Flags {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(given: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string | undefined>>) {
    this.#given = given;
    this.#environment = environment;
  }

  has(name: string): boolean {
    return this.#raw(name) !== undefined;
  }

  /** A switch: present or not; `--no-<name>` takes it away. */
  isOn(name: string): boolean {
    return this.#given[name] === true;
  }

  text(name: string): string | undefined;
  text(name: string, fallback: string): string;
  text(name: string, fallback?: string): string | undefined {
    const value = this.#raw(name);
    if (value === '') refuse(name, 'empty', 'a value');
    return value ?? fallback;
  }

  /** The parts of a comma-separated value, without blanks around them. */
  list(name: string, fallback: readonly string[]): string[] {
    const value = this.text(name);
    if (value === undefined) return [...fallback];
    const parts = value.split(',').map((part) => part.trim());
    return parts.every((part) => part !== '') ? parts : refuse(name, value, 'names with commas between them');
  }

  duration(name: string): number | undefined;
  duration(name: string, fallback: Duration): number;
  duration(name: string, fallback?: Duration): number | undefined {
    const value = this.#raw(name);
    if (value === undefined) return fallback === undefined ? undefined : durationMs(fallback);
    try {
      return durationMs(value);
    } catch (error) {
      if (error instanceof MillraceError)
        refuse(name, value, "a time greater than 0 with its unit, such as '500ms', '2s' or '1 minute'");
      throw error;
    }
  }

  /** A whole number within the bounds. */
  count(name: string, bounds: Bounds): number | undefined;
  count(name: string, bounds: Bounds, fallback: number): number;
  count(name: string, bounds: Bounds, fallback?: number): number | undefined {
    const value = this.#raw(name);
    if (value === undefined) return fallback;
    const number = /^\d+$/u.test(value) ? Number(value) : Number.NaN;
    const max = bounds.max ?? Number.MAX_SAFE_INTEGER;
    if (number >= bounds.min && number <= max) return number;
    return refuse(name, value, `a whole number ${describe(bounds)}`);
  }

  /** Records per second: `100/s`, `100`, `6000/m`. */
  rate(name: string): number | undefined;
  rate(name: string, fallback: number): number;
  rate(name: string, fallback?: number): number | undefined {
    const value = this.#raw(name);
    if (value === undefined) return fallback;
    const [, amount, unit] = /^(\d+(?:\.\d+)?)(?:\/(s|sec|second|m|min|minute))?$/u.exec(value.trim()) ?? [];
    const perSecond = Number(amount) / (unit?.startsWith('m') === true ? 60 : 1);
    if (perSecond > 0 && perSecond <= 10_000_000) return perSecond;
    return refuse(name, value, 'records for each second above 0, such as 100/s');
  }

  /** Kafka bootstrap addresses `host:port`. */
  brokers(name: string, fallback: readonly string[]): string[] {
    return this.list(name, fallback).map((address) => {
      const [, host, port] = /^(\[[^\]]+\]|[^:\s]+):(\d+)$/u.exec(address) ?? [];
      if (host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return address;
      return refuse(name, address, 'host:port with a port from 1 to 65535, several with commas between them');
    });
  }

  #raw(name: string): string | undefined {
    const given = this.#given[name];
    if (typeof given === 'string') return given;
    if (typeof given === 'boolean') return String(given);
    return this.#environment[environmentName(name)];
  }
}

/** @example environmentName('batch-timeout')   // => 'MILLRACE_BATCH_TIMEOUT' */
export function environmentName(flag: string): string {
  return `MILLRACE_${flag.toUpperCase().replaceAll('-', '_')}`;
}

/** Refuses the value of an option, naming what it may be. */
export function refuse(option: string, value: string, expected: string): never {
  raise('CLI_OPTION', { option, value, expected });
}

function describe(bounds: Bounds): string {
  return bounds.max === undefined ? `from ${bounds.min}` : `from ${bounds.min} to ${bounds.max}`;
}
