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
): FunctionDefinition {
  return {
    name,
    group: 'window',
    summary,
    usage,
    examples: [],
    resolve: takes(name, parameters, returns),
    body: { kind: 'rewritten' },
  };
}

/** Replaced by the analyzer: windows become grouping columns. */
export const windowFunctions: readonly FunctionDefinition[] = [
  rewritten(
    'window',
    ['any', 'string', 'string?', 'string?'],
    windowType,
    'The time windows that an event time belongs to: tumbling, or sliding with a slide.',
    'window(time, duration[, slide[, start]])',
  ),
  rewritten(
    'session_window',
    ['any', 'any'],
    windowType,
    'The session that an event time belongs to: ends when nothing came for the gap.',
    'session_window(time, gap)',
  ),
  rewritten(
    'window_time',
    ['struct'],
    atomic('timestamp'),
    'The event time of a window: one microsecond before its end.',
    'window_time(window)',
  ),
  rewritten(
    'grouping',
    ['any'],
    atomic('tinyint'),
    'Whether a column is left out of the grouping in this row of rollup or cube.',
    'grouping(col)',
  ),
  rewritten(
    'grouping_id',
    ['any...'],
    atomic('bigint'),
    'The columns that are left out, as bits.',
    'grouping_id([col, ...])',
  ),
];
