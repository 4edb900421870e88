import { raise } from '../kernel/errors.ts';
import { kindOf } from '../rdd/function-failure.ts';

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
