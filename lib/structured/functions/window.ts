import type { DataType } from '../types/data-type.ts';
import { atomic } from '../types/type-classes.ts';
import type { FunctionDefinition } from './define-function.ts';
import { takes } from './signatures.ts';

/** The type of a time window: `[start, end)`. */
const windowType: DataType = {
  kind: 'struct',
  fields: [
    { name: 'start', type: atomic('timestamp'), nullable: true },
    { name: 'end', type: atomic('timestamp'), nullable: true },
  ],
};

function rewritten(
  name: string,
  parameters: Parameters<typeof takes>[1],
  returns: DataType,
  summary: string,
  usage: string,
  example: FunctionDefinition['examples'][number],
): FunctionDefinition {
  return {
    name,
    group: 'window',
    summary,
    usage,
    examples: [example],
    resolve: takes(name, parameters, returns),
    body: { kind: 'rewritten' },
  };
}

const events =
  "FROM VALUES (TIMESTAMP'2024-01-01 12:01:00'), (TIMESTAMP'2024-01-01 12:04:00'), (TIMESTAMP'2024-01-01 12:11:00') AS t(ts)";

/** Replaced by the analyzer: windows become grouping columns. */
export const windowFunctions: readonly FunctionDefinition[] = [
  rewritten(
    'window',
    ['any', 'string', 'string?', 'string?'],
    windowType,
    'The time windows that an event time belongs to: tumbling, or sliding with a slide.',
    'window(time, duration[, slide[, start]])',
    [
      `SELECT window, count(*) ${events} GROUP BY window(ts, '10 minutes') ORDER BY window`,
      '{2024-01-01 12:00:00, 2024-01-01 12:10:00}\t2\n{2024-01-01 12:10:00, 2024-01-01 12:20:00}\t1',
    ],
  ),
  rewritten(
    'session_window',
    ['any', 'any'],
    windowType,
    'The session that an event time belongs to: ends when nothing came for the gap.',
    'session_window(time, gap)',
    [
      `SELECT session_window, count(*) ${events} GROUP BY session_window(ts, '5 minutes') ORDER BY session_window`,
      '{2024-01-01 12:01:00, 2024-01-01 12:09:00}\t2\n{2024-01-01 12:11:00, 2024-01-01 12:16:00}\t1',
    ],
  ),
  rewritten(
    'window_time',
    ['struct'],
    atomic('timestamp'),
    'The event time of a window: one microsecond before its end.',
    'window_time(window)',
    [
      `SELECT window_time(window), n FROM (SELECT window, count(*) AS n ${events} GROUP BY window(ts, '10 minutes')) ORDER BY window`,
      '2024-01-01 12:09:59.999999\t2\n2024-01-01 12:19:59.999999\t1',
    ],
  ),
  rewritten(
    'grouping',
    ['any'],
    atomic('tinyint'),
    'Whether a column is left out of the grouping in this row of rollup or cube.',
    'grouping(col)',
    [
      "SELECT x, grouping(x), sum(y) FROM VALUES ('a', 1), ('b', 2) AS t(x, y) GROUP BY CUBE (x) ORDER BY 2, 1",
      'a\t0\t1\nb\t0\t2\nNULL\t1\t3',
    ],
  ),
  rewritten(
    'grouping_id',
    ['any...'],
    atomic('bigint'),
    'The columns that are left out, as bits.',
    'grouping_id([col, ...])',
    [
      "SELECT x, y, grouping_id() FROM VALUES ('a', 1), ('b', 2) AS t(x, y) GROUP BY GROUPING SETS ((x, y), (x), ()) ORDER BY 3, 1",
      'a\t1\t0\nb\t2\t0\na\tNULL\t1\nb\tNULL\t1\nNULL\tNULL\t3',
    ],
  ),
];
