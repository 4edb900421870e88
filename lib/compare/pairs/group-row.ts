import type { Row } from '../../structured/data-frame.ts';
import type { ResultRow, TimeSpan } from '../run-model.ts';

/** A row of a query that has `key`, `value` and `records`, and `window` and `rank` where there are any. */
export function groupRow(row: Row): ResultRow {
  const window = row['window'] as { readonly start: Date; readonly end: Date } | undefined;
  const rank = row['rank'];
  return {
    label: String(row['key']),
    ...(window === undefined ? {} : { window: spanOf(window) }),
    value: Number(row['value']),
    ...(rank === undefined ? {} : { rank: Number(rank) }),
    records: (row['records'] as readonly number[]).map(Number).toSorted((a, b) => a - b),
  };
}

function spanOf({ start, end }: { readonly start: Date; readonly end: Date }): TimeSpan {
  return { fromMs: start.getTime(), untilMs: end.getTime() };
}
