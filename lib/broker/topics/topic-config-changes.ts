import { topicConfigProblem, topicConfigs } from './topic-config.ts';
import { ConfigType } from './topic-config.ts';

/** What IncrementalAlterConfigs can do with a value. */
const Operation = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

export interface ConfigChange {
  readonly name: string;
  readonly operation: number;
  readonly value: string | null;
}

/** The values that result from the changes, or why they are not taken. */
export function applyConfigChanges(
  present: ReadonlyMap<string, string>,
  changes: readonly ConfigChange[],
): ReadonlyMap<string, string> | string {
  const values = new Map(present);
  for (const { name, operation, value } of changes) {
    const unknown = Object.hasOwn(topicConfigs, name) ? undefined : `Unknown topic config name: ${name}`;
    const problem = unknown ?? (operation === Operation.delete ? undefined : topicConfigProblem(name, value));
    if (problem !== undefined) return problem;
    if (operation === Operation.delete) {
      values.delete(name);
      continue;
    }
    const next = combine(name, operation, values.get(name) ?? topicConfigs[name]?.default ?? '', value ?? '');
    if (next === undefined) return `Operation ${operation} is not possible for configuration ${name}`;
    values.set(name, next.trim());
  }
  return values;
}

function combine(name: string, operation: number, old: string, given: string): string | undefined {
  if (operation === Operation.set) return given;
  if (topicConfigs[name]?.type !== ConfigType.list) return undefined;
  const parts = old.split(',').filter((part) => part !== '');
  const change = given.split(',').map((part) => part.trim());
  if (operation === Operation.append) return [...new Set([...parts, ...change])].join(',');
  return operation === Operation.subtract ? parts.filter((part) => !change.includes(part)).join(',') : undefined;
}
