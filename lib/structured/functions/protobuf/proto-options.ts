import { raise } from '../../../kernel/errors.ts';

/** Spark's options of `from_protobuf` and `to_protobuf`. */
export interface ProtobufOptions {
  readonly isPermissive: boolean;
  /** `recursive.fields.max.depth`: how often a message may be within itself; what is deeper is left out. -1: it may not. */
  readonly maxRecursion: number;
  /** `emit.default.values`: fields that are absent and have no presence are their default and not null. */
  readonly emitsDefaults: boolean;
  /** `enums.as.ints`. */
  readonly enumsAsInts: boolean;
  /** `upcast.unsigned.ints`: uint32 as bigint, uint64 as decimal(20,0). */
  readonly upcastsUnsigned: boolean;
  /** `unwrap.primitive.wrapper.types`: google.protobuf.Int32Value and the like as what they wrap. */
  readonly unwrapsWrappers: boolean;
  /** `retain.empty.message.types`: a message without fields as a struct with a column that is always null. */
  readonly retainsEmpty: boolean;
}

const unsupported = ['convert.any.fields.to.json'];

/** Reads them, without regard to case. Those of Spark that there are not are refused where they ask for something. */
export function protobufOptions(name: string, options: Readonly<Record<string, string>> = {}): ProtobufOptions {
  const texts = new Map(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));
  const truth = (key: string): boolean => {
    const text = (texts.get(key) ?? 'false').toLowerCase();
    if (text === 'true' || text === 'false') return text === 'true';
    return raise('PROTOBUF_OPTION', { option: key, value: text, wanted: 'true or false' });
  };
  for (const key of unsupported) {
    if (truth(key))
      raise('PROTOBUF_OPTION', { option: key, value: 'true', wanted: 'false: there is no such form here' });
  }
  const mode = (texts.get('mode') ?? 'FAILFAST').toUpperCase();
  if (mode !== 'PERMISSIVE' && mode !== 'FAILFAST') raise('PARSE_MODE_UNSUPPORTED', { function: name, mode });
  const depth = texts.get('recursive.fields.max.depth') ?? '-1';
  const maxRecursion = Number(depth);
  if (!Number.isInteger(maxRecursion) || maxRecursion > 10) {
    raise('PROTOBUF_OPTION', { option: 'recursive.fields.max.depth', value: depth, wanted: '1 to 10, or -1' });
  }
  return {
    isPermissive: mode === 'PERMISSIVE',
    maxRecursion,
    emitsDefaults: truth('emit.default.values'),
    enumsAsInts: truth('enums.as.ints'),
    upcastsUnsigned: truth('upcast.unsigned.ints'),
    unwrapsWrappers: truth('unwrap.primitive.wrapper.types'),
    retainsEmpty: truth('retain.empty.message.types'),
  };
}
