import { depthLimit } from './codec-tags.ts';
import { failure, type MillraceError } from './errors.ts';

/** A class offers a method under this name to be stored as what it returns (plain data). Reading it back gives that plain data. */
export const toStored: unique symbol = Symbol.for('millrace.toStored');

/** What a value is to the codec; everything that is not named here is refused. */
export type Kind = 'bytes' | 'array' | 'object' | 'bareObject' | 'map' | 'set' | 'date' | 'stored';

/** Tells containers apart, also those made in another realm (a worker's, a test runner's). */
export function kindOf(value: object): Kind | undefined {
  if (Array.isArray(value)) return 'array';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return hasToStored(value) ? 'stored' : 'object';
  if (prototype === null) return 'bareObject';
  if (hasToStored(value)) return 'stored';
  if (value instanceof Uint8Array) return 'bytes';
  switch (Object.prototype.toString.call(value)) {
    case '[object Date]':
      return 'date';
    case '[object Map]':
      return 'map';
    case '[object Set]':
      return 'set';
    case '[object Uint8Array]':
      return 'bytes';
    case '[object Object]':
      return isRootPrototype(prototype as object) ? 'object' : undefined;
    default:
      return undefined;
  }
}

export interface Stored {
  [toStored](): unknown;
}

function hasToStored(value: object): value is Stored {
  return typeof (value as Partial<Stored>)[toStored] === 'function';
}

function isRootPrototype(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

/**
 * Why `root` cannot be stored, with the path to the first place that is to blame. Walks the value a second time, so that the
 * encoder itself keeps no path.
 */
export function explainRefusal(root: unknown, name: string): MillraceError {
  return (
    search(root, name, []) ??
    // A getter or a toStored that answers differently each time.
    failure('STATE_VALUE_UNSUPPORTED', { type: 'a value that changes while it is read', path: name })
  );
}

function search(value: unknown, path: string, parents: readonly object[]): MillraceError | undefined {
  if (value === undefined) return failure('STATE_VALUE_UNDEFINED', { path });
  if (typeof value === 'function' || typeof value === 'symbol') {
    return failure('STATE_VALUE_UNSUPPORTED', { type: `A ${typeof value}`, path });
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (parents.includes(value)) return failure('STATE_VALUE_CYCLE', { path });
  if (parents.length >= depthLimit) return failure('STATE_VALUE_TOO_DEEP', { path, limit: depthLimit });
  const kind = kindOf(value);
  if (kind === undefined) return failure('STATE_VALUE_UNSUPPORTED', { type: describeClass(value), path });
  for (const [part, child] of children(value, kind)) {
    const found = search(child, `${path}${part}`, [...parents, value]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* children(value: object, kind: Kind): Generator<readonly [string, unknown]> {
  if (kind === 'stored') yield ['[toStored]()', (value as Stored)[toStored]()];
  if (kind === 'array') {
    const list = value as readonly unknown[];
    for (let i = 0; i < list.length; i++) yield [`[${i}]`, list[i]];
  }
  if (kind === 'object' || kind === 'bareObject') {
    for (const key of Object.keys(value)) yield [property(key), (value as Record<string, unknown>)[key]];
  }
  if (kind === 'map') {
    let i = 0;
    for (const [key, item] of value as Map<unknown, unknown>) {
      yield [`.keys()[${i}]`, key];
      yield [`.values()[${i}]`, item];
      i++;
    }
  }
  if (kind === 'set') {
    let i = 0;
    for (const item of value as Set<unknown>) yield [`.values()[${i++}]`, item];
  }
}

function property(key: string): string {
  return /^[A-Za-z_$][\w$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function describeClass(value: object): string {
  const maker: unknown = (value as { constructor?: unknown }).constructor;
  return typeof maker === 'function' && maker.name !== '' ? `An instance of ${maker.name}` : 'An instance of a class';
}
