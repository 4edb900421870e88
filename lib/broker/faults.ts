import { raise } from '../kernel/errors.ts';
import { apiNamed } from './apis/index.ts';

/** A misbehaviour for tests: what happens to the next requests of one API instead of, or before, their answer. */
export interface Fault {
  /** Kafka's name of the API, such as 'Fetch' or 'EndTxn'. */
  readonly api: string;
  /** Answers with this error code everywhere in the response; the request is not carried out. */
  readonly error?: number;
  /** Waits so long before anything else happens. */
  readonly delayMs?: number;
  /** Closes the connection: before the request is carried out, or after, so that only the answer is lost. */
  readonly drop?: 'before' | 'after';
  /** How many requests it happens to; without end by default. */
  readonly times?: number;
}

/** The faults that are in force. */
export class Faults {
  readonly #active: { readonly key: number; readonly fault: Fault; left: number }[] = [];

  /** Puts a fault in force; the result takes it back. */
  add(fault: Fault): () => void {
    const api = apiNamed(fault.api);
    if (api === undefined)
      raise('CONFIG_VALUE', { name: 'api', value: fault.api, expected: "the name of an offered API, such as 'Fetch'" });
    const entry = { key: api.key, fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.push(entry);
    return () => {
      const at = this.#active.indexOf(entry);
      if (at >= 0) this.#active.splice(at, 1);
    };
  }

  clear(): void {
    this.#active.length = 0;
  }

  /** The oldest fault for this API, which is thereby used once. */
  take(key: number): Fault | undefined {
    const entry = this.#active.find((each) => each.key === key && each.left > 0);
    if (entry === undefined) return undefined;
    entry.left--;
    if (entry.left === 0) this.#active.splice(this.#active.indexOf(entry), 1);
    return entry.fault;
  }
}
