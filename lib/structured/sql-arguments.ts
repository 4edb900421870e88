import { expressionOf } from './expressions/column.ts';
import type { ParameterValues } from './sql/parameters.ts';

/** Values for the markers of a SQL text: by name for `:name`, in order for `?`. Plain values or literal columns. */
export type SqlArguments = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Arguments as literals: whatever they hold, they are never read as SQL. */
export function parametersOf(args: SqlArguments | undefined): ParameterValues {
  if (args === undefined) return {};
  if (isList(args)) return { positional: args.map(expressionOf) };
  return { named: new Map(Object.entries(args).map(([name, value]) => [name, expressionOf(value)])) };
}

function isList(args: SqlArguments): args is readonly unknown[] {
  return Array.isArray(args);
}
