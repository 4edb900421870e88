import { lastInstant, sessionSpan, timeWindow } from '../analyzer/window-functions.ts';
import type { ResolvedPlan } from '../analyzer/resolved-plan.ts';
import { raise } from '../../kernel/errors.ts';
import type { FunctionDefinition } from '../functions/define-function.ts';
import { findFunction } from '../functions/registry.ts';

/** A plan as it goes to a thread: functions are their names, and what only this thread needs is left out. */
export type SentPlan = unknown;

const internal: ReadonlyMap<string, FunctionDefinition> = new Map(
  [timeWindow, sessionSpan, lastInstant].map((definition) => [definition.name, definition]),
);

function definitionOf(name: string): FunctionDefinition | undefined {
  return internal.get(name) ?? findFunction(name);
}

/** Whether a function is found again by its name. */
export function isKnownFunction(definition: FunctionDefinition): boolean {
  return definitionOf(definition.name) === definition;
}

/** The name of a function stands under this key. */
const functionKey = '$function';

/** What runs here only: programs and functions of users, sources that are objects, rows of tables, which are sent by themselves. */
const staysHere: ReadonlySet<string> = new Set(['program', 'call', 'source']);

export function sendPlan(plan: ResolvedPlan): SentPlan {
  const sent = new Map<object, unknown>();
  const send = (value: unknown): unknown => {
    if (typeof value === 'function') return undefined;
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    const known = sent.get(value);
    if (known !== undefined) return known;
    if (isDefinition(value)) return { [functionKey]: value.name };
    const copy: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {};
    // Before what is in it: what is shared stays shared.
    sent.set(value, copy);
    if (Array.isArray(copy)) for (const item of value as readonly unknown[]) copy.push(send(item));
    else {
      const isLocal = 'kind' in value && value.kind === 'local';
      for (const [key, item] of Object.entries(value)) {
        if (staysHere.has(key)) continue;
        copy[key] = isLocal && key === 'rows' ? [] : send(item);
      }
    }
    return copy;
  };
  return send(plan);
}

export function receivePlan(sent: SentPlan): ResolvedPlan {
  const received = new Map<object, unknown>();
  const receive = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    const known = received.get(value);
    if (known !== undefined) return known;
    if (functionKey in value) return namedFunction(String(value[functionKey]));
    const copy: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {};
    received.set(value, copy);
    if (Array.isArray(copy)) for (const item of value as readonly unknown[]) copy.push(receive(item));
    else for (const [key, item] of Object.entries(value)) copy[key] = receive(item);
    return copy;
  };
  return receive(sent) as ResolvedPlan;
}

/** One that is known in the first thread alone is not evaluated here. */
function namedFunction(name: string): FunctionDefinition {
  return (
    definitionOf(name) ?? {
      name,
      group: 'misc',
      summary: '',
      usage: name,
      examples: [],
      resolve: () => raise('INTERNAL_INVARIANT', { what: `${name} was asked for in a thread` }),
      body: { kind: 'rewritten' },
    }
  );
}

function isDefinition(value: object): value is FunctionDefinition {
  return 'resolve' in value && 'body' in value && 'name' in value;
}
