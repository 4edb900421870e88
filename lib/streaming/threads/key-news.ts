import { raise } from '../../kernel/errors.ts';
import { pack, Unsendable, valuesOf } from '../../rdd/packed.ts';
import type { KeyNews } from './messages.ts';

interface Told {
  readonly stage: number;
  keys: readonly unknown[];
  /** So many of them have been sent, and so many are in what is to be sent. */
  sent: number;
  sending: number;
}

/** The side of the thread: which keys it has sent, so that each crosses once. */
export class SentKeys {
  readonly #stages = new Map<string, Told>();

  /** What has to be said of keys that are numbered by their place in a list, which only grows; a list of its own for each stage. */
  newsOf(stage: string, keys: readonly unknown[]): KeyNews | Unsendable {
    const told = this.#toldOf(stage);
    if (told.keys !== keys) {
      told.keys = keys;
      told.sent = 0;
    }
    told.sending = keys.length;
    const added = pack(keys.slice(told.sent));
    return added instanceof Unsendable ? added : { stage: told.stage, from: told.sent, added };
  }

  /** The last news of a stage have been sent. */
  sent(stage: string): void {
    const told = this.#toldOf(stage);
    told.sent = told.sending;
  }

  #toldOf(stage: string): Told {
    const told = this.#stages.get(stage) ?? { stage: this.#stages.size, keys: [], sent: 0, sending: 0 };
    this.#stages.set(stage, told);
    return told;
  }
}

/** The side that hears it: the keys of one thread. Its successor numbers them by itself, and is heard by another one of these. */
export class HeardKeys {
  readonly #stages = new Map<number, unknown[]>();

  /** Takes news, in the order in which they were sent; gives the keys by number. The list is the same until the thread begins anew. */
  take({ stage, from, added }: KeyNews): readonly unknown[] {
    const keys = from === 0 ? [] : this.#stages.get(stage);
    if (keys?.length !== from)
      return raise('INTERNAL_INVARIANT', { what: `keys of a thread from ${from} on have no place` });
    const values = valuesOf(added);
    for (let i = 0; i < values.length; i++) keys.push(values[i]);
    this.#stages.set(stage, keys);
    return keys;
  }
}
