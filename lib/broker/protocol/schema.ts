import { raise } from '../../kernel/errors.ts';
import type { Decoder } from './decoder.ts';
import type { Encoder } from './encoder.ts';

/**
 * One field of a Kafka message, read and written according to the version of the message.
 *
 * A field outside `since..until` takes no bytes: reading gives `absent`, writing does nothing.
 */
export interface Field<Read, Write = Read, Omittable extends boolean = boolean> {
  readonly since: number;
  readonly until: number;
  readonly absent: Read;
  readonly omittable: Omittable;
  /** The fields of each element, where this is an array of structures. */
  readonly element?: Shape | undefined;
  read(input: Decoder, version: number, flexible: boolean): Read;
  write(output: Encoder, value: Write | undefined, version: number, flexible: boolean): void;
}

/** The fields of a message in the order of the wire. */
export type Shape = Readonly<Record<string, Field<unknown, unknown>>>;

/** What reading a message gives. */
export type Decoded<S extends Shape> = {
  readonly [K in keyof S]: S[K] extends Field<infer Read, infer _> ? Read : never;
};

type OmittableKeys<S extends Shape> = { [K in keyof S]: true extends S[K]['omittable'] ? K : never }[keyof S];
type Written<F> = F extends Field<infer _, infer Write> ? Write : never;

/** What writing a message takes; fields with a default may be left out. */
export type Encodable<S extends Shape> = {
  readonly [K in Exclude<keyof S, OmittableKeys<S>>]: Written<S[K]>;
} & { readonly [K in OmittableKeys<S>]?: Written<S[K]> | undefined };

interface Versions<T> {
  readonly since?: number;
  readonly until?: number;
  /** What a request of a version without the field means. */
  readonly absent?: T;
}

interface Codec<Read, Write> {
  read(input: Decoder, version: number, flexible: boolean): Read;
  write(output: Encoder, value: Write, version: number, flexible: boolean): void;
}

type Plain<T> = Field<T, T, false>;

/** A message or an element of one: fields in order, then tagged fields in flexible versions. */
export class Struct<S extends Shape> {
  readonly shape: S;
  readonly #plans = new Map<number, readonly [string, Field<unknown, unknown>][]>();

  constructor(shape: S) {
    this.shape = shape;
  }

  read(input: Decoder, version: number, flexible: boolean): Decoded<S> {
    const message: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(this.shape)) {
      const present = version >= field.since && version <= field.until;
      message[name] = present ? field.read(input, version, flexible) : field.absent;
    }
    if (flexible) input.skipTags();
    return message as Decoded<S>;
  }

  write(output: Encoder, message: Encodable<S>, version: number, flexible: boolean): void {
    const values = message as Readonly<Record<string, unknown>>;
    for (const [name, field] of this.#plan(version)) field.write(output, values[name], version, flexible);
    if (flexible) output.noTags();
  }

  #plan(version: number): readonly [string, Field<unknown, unknown>][] {
    let plan = this.#plans.get(version);
    if (plan === undefined) {
      plan = Object.entries(this.shape).filter(([, field]) => version >= field.since && version <= field.until);
      this.#plans.set(version, plan);
    }
    return plan;
  }
}

export const int8 = number('int8');
export const int16 = number('int16');
export const int32 = number('int32');
export const int64 = number('int64');

export function boolean(versions: Versions<boolean> = {}): Plain<boolean> {
  return plain(versions, false, {
    read: (input) => input.boolean(),
    write: (output, value) => {
      output.boolean(value);
    },
  });
}

/** Sixteen bytes as 32 hexadecimal digits; all zero is "none". */
export function uuid(versions: Versions<string> = {}): Plain<string> {
  return plain(versions, noUuid, {
    read: (input) => input.uuid(),
    write: (output, value) => {
      output.uuid(value);
    },
  });
}

export const noUuid = '0'.repeat(32);

export function string(versions: Versions<string> = {}): Plain<string> {
  return plain(versions, '', {
    read: (input, _, flexible) => input.string(flexible) ?? nullRefused('string'),
    write: (output, value, _, flexible) => {
      output.string(value, flexible);
    },
  });
}

/** A string that may be null from version `nullableSince` on; earlier versions write '' for null. */
export function nullableString(
  versions: Versions<string | null> & { nullableSince?: number } = {},
): Field<string | null, string | null, true> {
  const nullableSince = versions.nullableSince ?? 0;
  return {
    ...plain<string | null>(versions, null, {
      read: (input, _, flexible) => input.string(flexible),
      write: (output, value, version, flexible) => {
        output.string(value ?? (version >= nullableSince ? null : ''), flexible);
      },
    }),
    omittable: true,
  };
}

/** Read as a view of the request; whoever keeps it copies it. */
export function bytes(versions: Versions<Buffer> = {}): Field<Buffer, Uint8Array, false> {
  return {
    ...range(versions, Buffer.alloc(0)),
    omittable: false,
    read: (input, _, flexible) => input.bytes(flexible) ?? nullRefused('byte field'),
    write(output, value, _, flexible) {
      output.bytes(value ?? Buffer.alloc(0), flexible);
    },
  };
}

/** A set of record batches: one view when read, a list of stored buffers when written. */
export function records(): Field<Buffer | null, readonly Buffer[], false> {
  return {
    ...range<Buffer | null>({}, null),
    omittable: false,
    read: (input, _, flexible) => input.bytes(flexible),
    write(output, value, _, flexible) {
      output.records(value ?? [], flexible);
    },
  };
}

/** An array of structures. */
export function array<S extends Shape>(
  shape: S,
  versions: Versions<readonly Decoded<S>[]> = {},
): Field<readonly Decoded<S>[], readonly Encodable<S>[], false> {
  return { ...elements(new Struct(shape), versions), element: shape, omittable: false };
}

/** An array of structures that may be null from version `nullableSince` on; null is written as empty before. */
export function nullableArray<S extends Shape>(
  shape: S,
  versions: Versions<readonly Decoded<S>[] | null> & { nullableSince?: number } = {},
): Field<readonly Decoded<S>[] | null, readonly Encodable<S>[] | null, true> {
  return { ...nullableElements(new Struct(shape), versions), element: shape, omittable: true };
}

/** An array of primitives. */
export function list<T>(element: Plain<T>, versions: Versions<readonly T[]> = {}): Plain<readonly T[]> {
  return { ...elements<T, T>(element, versions), omittable: false };
}

/** An array of primitives that may be null. */
export function nullableList<T>(
  element: Plain<T>,
  versions: Versions<readonly T[] | null> & { nullableSince?: number } = {},
): Field<readonly T[] | null, readonly T[] | null, true> {
  return { ...nullableElements<T, T>(element, versions), omittable: true };
}

/** The same field, which a message to be written may leave out. */
export function optional<Read, Write>(field: Field<Read, Write>, value: Write): Field<Read, Write, true> {
  return {
    ...field,
    omittable: true,
    write(output, given, version, flexible) {
      field.write(output, given ?? value, version, flexible);
    },
  };
}

/** The field with which nearly every response tells how long the client should wait: this broker never throttles. */
export function throttleTimeMs(since = 0): Field<number, number, true> {
  return optional(int32({ since }), 0);
}

function number(kind: 'int8' | 'int16' | 'int32' | 'int64'): (versions?: Versions<number>) => Plain<number> {
  return (versions = {}) =>
    plain(versions, 0, {
      read: (input) => input[kind](),
      write: (output, value) => {
        output[kind](value);
      },
    });
}

function plain<T>(versions: Versions<T>, absent: T, codec: Codec<T, T>): Plain<T> {
  return {
    ...range(versions, absent),
    omittable: false,
    read: codec.read,
    write(output, value, version, flexible) {
      codec.write(output, value === undefined ? absent : value, version, flexible);
    },
  };
}

function elements<R, W>(
  element: Codec<R, W>,
  versions: Versions<readonly R[]>,
): Omit<Field<readonly R[], readonly W[]>, 'omittable'> {
  return {
    ...range<readonly R[]>(versions, []),
    read: (input, version, flexible) => readElements(element, input, version, flexible) ?? nullRefused('array'),
    write(output, values, version, flexible) {
      writeElements(element, output, values ?? [], version, flexible);
    },
  };
}

function nullableElements<R, W>(
  element: Codec<R, W>,
  versions: Versions<readonly R[] | null> & { nullableSince?: number },
): Omit<Field<readonly R[] | null, readonly W[] | null>, 'omittable'> {
  const nullableSince = versions.nullableSince ?? 0;
  return {
    ...range<readonly R[] | null>(versions, null),
    read: (input, version, flexible) => readElements(element, input, version, flexible),
    write(output, values, version, flexible) {
      if (values || version < nullableSince) writeElements(element, output, values ?? [], version, flexible);
      else output.arrayLength(-1, flexible);
    },
  };
}

function readElements<R>(
  element: Codec<R, never>,
  input: Decoder,
  version: number,
  flexible: boolean,
): readonly R[] | null {
  const length = input.arrayLength(flexible);
  if (length < 0) return null;
  const values: R[] = [];
  for (let i = 0; i < length; i++) values.push(element.read(input, version, flexible));
  return values;
}

function writeElements<W>(
  element: Codec<unknown, W>,
  output: Encoder,
  values: readonly W[],
  version: number,
  flexible: boolean,
): void {
  output.arrayLength(values.length, flexible);
  for (const value of values) element.write(output, value, version, flexible);
}

function range<T>(versions: Versions<T>, absent: T): { since: number; until: number; absent: T } {
  return {
    since: versions.since ?? 0,
    until: versions.until ?? Number.POSITIVE_INFINITY,
    absent: versions.absent === undefined ? absent : versions.absent,
  };
}

function nullRefused(what: string): never {
  return raise('BROKER_PROTOCOL', { what: `null for a ${what} that must not be null` });
}
