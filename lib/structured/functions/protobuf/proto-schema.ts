import { raise } from '../../../kernel/errors.ts';
import { readDescriptorSet } from './descriptor-set.ts';
import { invalidSchema, type ProtoEnum, type ProtoField, type ProtoFile, type ProtoMessage } from './proto-file.ts';
import { parseProtoText, scalars } from './proto-text.ts';

/** What a field holds, its names resolved. */
export type ProtoKind =
  | { readonly kind: 'scalar'; readonly scalar: string }
  | { readonly kind: 'enum'; readonly enum: ProtoEnum }
  | { readonly kind: 'message'; readonly message: ProtoMessage };

/** Files that every compiler of definitions brings along, as far as values need them. */
const wellKnown = `syntax = "proto3"; package google.protobuf;
  message Timestamp { int64 seconds = 1; int32 nanos = 2; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message Any { string type_url = 1; bytes value = 2; }
  message Empty { }
  message DoubleValue { double value = 1; }
  message FloatValue { float value = 1; }
  message Int64Value { int64 value = 1; }
  message UInt64Value { uint64 value = 1; }
  message Int32Value { int32 value = 1; }
  message UInt32Value { uint32 value = 1; }
  message BoolValue { bool value = 1; }
  message StringValue { string value = 1; }
  message BytesValue { bytes value = 1; }`;

/** Definitions of messages by name. */
export class ProtoSchema {
  readonly #messages = new Map<string, ProtoMessage>();
  readonly #enums = new Map<string, ProtoEnum>();
  readonly #imports: readonly string[];

  constructor(files: readonly ProtoFile[]) {
    for (const file of [...files, parseProtoText(wellKnown)]) {
      for (const message of file.messages) {
        if (!this.#messages.has(message.name)) this.#messages.set(message.name, message);
      }
      for (const each of file.enums) if (!this.#enums.has(each.name)) this.#enums.set(each.name, each);
    }
    this.#imports = files.flatMap((file) => file.imports);
  }

  /** The message of a whole name, or the first one whose own name it is. */
  message(name: string): ProtoMessage {
    const all = [...this.#messages.values()].filter(({ isMapEntry }) => !isMapEntry);
    return (
      all.find((message) => message.name === name) ??
      all.find((message) => message.name.endsWith(`.${name}`)) ??
      raise('PROTOBUF_MESSAGE_NOT_FOUND', {
        message: name,
        known:
          all
            .map((message) => message.name)
            .filter((known) => !known.startsWith('google.protobuf.'))
            .slice(0, 20)
            .join(', ') || 'none',
      })
    );
  }

  /** What a field of a message holds. A name is looked for from the inside out. */
  kindOf(field: ProtoField, message: ProtoMessage): ProtoKind {
    if (scalars.has(field.type)) return { kind: 'scalar', scalar: field.type };
    const isWhole = field.type.startsWith('.');
    const name = isWhole ? field.type.slice(1) : field.type;
    const scope = isWhole ? [] : message.name.split('.');
    for (let length = scope.length; length >= 0; length--) {
      const whole = [...scope.slice(0, length), name].join('.');
      const found = this.#messages.get(whole);
      if (found !== undefined) return { kind: 'message', message: found };
      const named = this.#enums.get(whole);
      if (named !== undefined) return { kind: 'enum', enum: named };
    }
    const imports = this.#imports.length === 0 ? '' : ` (it imports ${this.#imports.join(', ')})`;
    return invalidSchema(`the type ${name} of the field ${message.name}.${field.name} is not in it${imports}`);
  }
}

/** The definitions in a descriptor set, or in the text of one file. */
export function protoSchema(schema: unknown): ProtoSchema {
  if (schema instanceof Uint8Array) return new ProtoSchema(readDescriptorSet(schema));
  if (typeof schema === 'string') return new ProtoSchema([parseProtoText(schema)]);
  return invalidSchema('it is neither the bytes of a descriptor set nor the text of a .proto file');
}
