import type { SentRecord } from '../send-records.ts';

/** What happens in the shop of the demo. */
export interface ShopEvent {
  readonly at: number;
  readonly user: string;
  readonly kind: 'view' | 'cart' | 'buy';
  readonly product: string;
  /** Cents. */
  readonly price: number;
}

const products: readonly (readonly [name: string, price: number])[] = [
  ['tea', 350],
  ['coffee', 420],
  ['cake', 380],
  ['bread', 290],
  ['soup', 550],
  ['cheese', 690],
  ['honey', 720],
  ['apple', 60],
  ['pear', 70],
  ['plum', 45],
  ['nuts', 480],
  ['rice', 210],
  ['beans', 180],
  ['salt', 90],
  ['pepper', 240],
  ['oil', 990],
];
const users = 500;

/**
 * Events without end. Few users and products make most of them, as in a real shop: the n-th is chosen in proportion to 1/n (Zipf),
 * and of six events one is a purchase.
 */
export function* shopEvents(now: () => number, random: () => number = Math.random): Generator<ShopEvent, never> {
  const user = zipf(users, random);
  const product = zipf(products.length, random);
  for (;;) {
    const [name, price] = products[product()] ?? ['tea', 350];
    const chance = random();
    const kind = chance < 0.6 ? 'view' : chance < 0.83 ? 'cart' : 'buy';
    yield { at: now(), user: `user-${user() + 1}`, kind, product: name, price };
  }
}

/** One after the other of a user stays in order: the user is the key. */
export function asRecord(event: ShopEvent): SentRecord {
  return { key: event.user, value: JSON.stringify(event), timestamp: event.at };
}

/** Draws 0 to `size - 1`, the n-th in proportion to 1/(n + 1). */
function zipf(size: number, random: () => number): () => number {
  const sums: number[] = [];
  let sum = 0;
  for (let n = 1; n <= size; n++) sums.push((sum += 1 / n));
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, size - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? sum) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
