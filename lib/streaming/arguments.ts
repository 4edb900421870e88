import { raise } from '../kernel/errors.ts';
import type { Time } from '../kernel/time.ts';
import { kindOf } from '../rdd/function-failure.ts';
import type { Pair } from '../rdd/pair.ts';

/** Refuses what is no function when the stream is built: in a batch the mistake would be far from its place. */
export function requireFunction(method: string, name: string, value: unknown): void {
  if (typeof value !== 'function') {
    raise('STREAM_ARGUMENT', { method, name, given: kindOf(value), expected: 'a function' });
  }
}

/** As `requireFunction`, for functions on elements: they give a value, and an `async` one never does. */
export function requireElementFunction(method: string, name: string, value: unknown): void {
  requireFunction(method, name, value);
  if (Object.prototype.toString.call(value) === '[object AsyncFunction]') {
    const expected = 'a function that returns its value at once; mapAsync takes one that waits';
    raise('STREAM_ARGUMENT', { method, name, given: 'an async function', expected });
  }
}

/** Refuses what is no object of options, and options that do not exist: a misspelt one would be as good as none. */
export function requireOptions(method: string, options: unknown, known: readonly string[]): void {
  const expected = known.join(', ');
  if (typeof options !== 'object' || options === null) {
    raise('STREAM_ARGUMENT', {
      method,
      name: 'its options',
      given: kindOf(options),
      expected: `an object of ${expected}`,
    });
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) raise('STREAM_ARGUMENT', { method, name: 'an option', given: name, expected });
  }
}

/** Refuses what is no list of streams, or holds something else. `isStream` comes from the caller, which knows the class. */
export function requireStreams(method: string, streams: unknown, isStream: (value: unknown) => boolean): void {
  const wrong = Array.isArray(streams) ? streams.findIndex((stream) => !isStream(stream)) : -1;
  if (!Array.isArray(streams) || wrong !== -1) {
    const given = Array.isArray(streams) ? kindOf(streams[wrong]) : kindOf(streams);
    raise('STREAM_ARGUMENT', { method, name: 'a stream', given, expected: 'streams of the same context' });
  }
}

/** The pairs as a list of their own; refuses what is no list of pairs. */
export function pairList<K, V>(method: string, name: string, pairs: Iterable<Pair<K, V>>): readonly Pair<K, V>[] {
  const expected = "pairs such as [['a', 1], ['b', 2]], or an RDD of pairs";
  if (typeof pairs !== 'object' || pairs === null || typeof pairs[Symbol.iterator] !== 'function') {
    raise('STREAM_ARGUMENT', { method, name, given: describe(pairs), expected });
  }
  const list = [...pairs];
  const wrong: unknown = list.find((pair: unknown) => !Array.isArray(pair) || pair.length !== 2);
  if (wrong !== undefined) {
    raise('STREAM_ARGUMENT', { method, name, given: `a list with ${describe(wrong)}`, expected });
  }
  return list;
}

/** Refuses what is no batch time. */
export function requireTime(method: string, name: string, value: unknown): asserts value is Time {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  raise('STREAM_ARGUMENT', { method, name, given: describe(value), expected: 'a batch time in milliseconds' });
}

/** Refuses what is no text, or an empty one. */
export function requireText(method: string, name: string, value: unknown, expected: string): void {
  if (typeof value === 'string' && value !== '') return;
  raise('STREAM_ARGUMENT', { method, name, given: value === '' ? 'an empty text' : describe(value), expected });
}

/** Refuses what is no object with functions, such as a listener. */
export function requireObject(method: string, name: string, value: unknown, expected: string): void {
  if (typeof value === 'object' && value !== null) return;
  raise('STREAM_ARGUMENT', { method, name, given: describe(value), expected });
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : kindOf(value);
}
