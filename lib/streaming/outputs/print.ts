import type { Time } from '../../kernel/time.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import { take } from '../../rdd/actions/take.ts';
import { elementText } from '../../rdd/element-text.ts';
import type { OutputContext } from '../output-operation.ts';

/** Where `print` writes to. The text is whole lines; what it belongs to comes with it, so that a front end can fold batches. */
export type Printer = (text: string, context: OutputContext) => void | Promise<void>;

const rule = '-------------------------------------------';

/** Spark's banner with the first `n` elements, and three dots when there are more. */
export async function printBatch(
  rdd: RddNode<unknown>,
  n: number,
  context: OutputContext,
  timeText: string,
  printer: Printer,
): Promise<void> {
  const first = await take(rdd, n + 1, context.operation);
  const lines = [rule, `Time: ${timeText}`, rule, ...first.slice(0, n).map(elementText)];
  if (first.length > n) lines.push('...');
  await printer(`${lines.join('\n')}\n\n`, context);
}

/** A batch time as a date in UTC, with a fraction of a second where there is one, as Python writes it. */
export function dateText(time: Time): string {
  const text = new Date(time).toISOString().replace('T', ' ');
  return time % 1000 === 0 ? text.slice(0, 19) : `${text.slice(0, 23)}000`;
}
