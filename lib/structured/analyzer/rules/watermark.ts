import { raise } from '../../../kernel/errors.ts';
import { parseColumnName } from '../../sql/parse-expression.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import { MICROS_PER_DAY } from '../../types/interval.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import { collectingProblems } from '../analysis-error.ts';
import type { NodeContext, NodeOf } from '../node-context.ts';
import { quoted, resolveName } from '../resolve-name.ts';
import { intervalOf } from '../resolve-time-window.ts';
import type { ResolvedPlan } from '../resolved-plan.ts';

/** A month of a watermark's delay has 31 days, as in Spark. */
const daysPerMonth = 31;

/** `withWatermark`: marks a column as the event time, and takes the mark from any other. On static data it does nothing. */
export function resolveWatermark(node: NodeOf<'watermark'>, context: NodeContext): ResolvedPlan {
  const child = context.input(node.child);
  let column: Attribute | undefined;
  let delayMs = 0;
  let idleTimeoutMs: number | undefined;
  collectingProblems([
    () => {
      column = eventTime(node.column, context, node);
    },
    () => {
      delayMs = delayOf(node.delay);
    },
    () => {
      if (node.idleTimeout !== undefined) idleTimeoutMs = timeoutOf(node.idleTimeout);
    },
  ]);
  const marked = column as unknown as Attribute;
  if (!child.isStreaming) return child;
  const output = child.output.map((attribute): Attribute => {
    const { watermarkDelayMs: _, ...unmarked } = attribute;
    return attribute.id === marked.id ? { ...attribute, watermarkDelayMs: delayMs } : unmarked;
  });
  return {
    kind: 'watermark',
    child,
    column: marked,
    delayMs,
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    output,
    isStreaming: true,
  };
}

function eventTime(name: string, context: NodeContext, node: NodeOf<'watermark'>): Attribute {
  const parts = parseColumnName(name) ?? raise('INVALID_ATTRIBUTE_NAME_SYNTAX', { name });
  const column = resolveName(parts, undefined, context.scope(node.child));
  const eventName = quoted(parts);
  if (column.type.kind !== 'timestamp') {
    return raise('EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE', {
      eventName,
      eventType: sqlTypeText(column.type),
      mend: mendOf(name, column.type.kind),
    });
  }
  return column.kind === 'attribute'
    ? column
    : raise('QUERY_WATERMARK_COLUMN', { eventName, name: parts.at(-1) ?? '' });
}

function mendOf(name: string, kind: string): string {
  if (kind === 'string') {
    return `Declare the column as TIMESTAMP in the schema, or put .withColumn('${name}', toTimestamp('${name}')) before withWatermark`;
  }
  if (kind === 'date' || kind === 'timestamp_ntz') {
    return `Put .withColumn('${name}', col('${name}').cast('timestamp')) before withWatermark`;
  }
  if (kind === 'int' || kind === 'bigint') {
    return `Seconds since 1970 become a time by .withColumn('${name}', col('${name}').cast('timestamp')), milliseconds by timestampMillis('${name}')`;
  }
  return 'Take a column of type TIMESTAMP';
}

/** Milliseconds of a delay, which must not be negative. */
function delayOf(delay: string): number {
  const ms = lengthMs(delay);
  return ms < 0 ? raise('QUERY_WATERMARK_DELAY', { delay }) : ms;
}

/** Milliseconds of an idle timeout, which must be longer than nothing. */
function timeoutOf(timeout: string): number {
  const ms = lengthMs(timeout);
  return ms <= 0 ? raise('QUERY_WATERMARK_IDLE_TIMEOUT', { timeout }) : ms;
}

function lengthMs(length: string): number {
  const { months, days, micros } = intervalOf(length);
  return Number((BigInt(micros) + BigInt(days + months * daysPerMonth) * BigInt(MICROS_PER_DAY)) / 1000n);
}
