import { failure, messageOf, MillraceError } from '../../../kernel/errors.ts';
import {
  deepest,
  invalidSchema,
  type ProtoEnum,
  type ProtoField,
  type ProtoFile,
  type ProtoMessage,
} from './proto-file.ts';
import { WireBytes } from './wire-bytes.ts';

/** What a field of a descriptor is: a number, or bytes. */
interface Part {
  readonly number: number;
  readonly value: number;
  readonly bytes: Uint8Array;
}

/** The files of a serialized `FileDescriptorSet`, as `protoc --include_imports --descriptor_set_out` writes it. */
export function readDescriptorSet(bytes: Uint8Array): readonly ProtoFile[] {
  try {
    const files = partsOf(bytes).flatMap((part) => (part.number === 1 ? [fileOf(part.bytes)] : []));
    return files.length === 0 ? invalidSchema('there is no file in the descriptor set') : files;
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'PROTOBUF_BYTES_INVALID') throw error;
    const problem = `it is no FileDescriptorSet (${messageOf(error)})`;
    throw failure('PROTOBUF_SCHEMA_INVALID', { problem }, { cause: error });
  }
}

function partsOf(bytes: Uint8Array): readonly Part[] {
  const input = new WireBytes(bytes);
  const parts: Part[] = [];
  const none = new Uint8Array();
  while (input.at < bytes.length) {
    const { number, wire } = input.tag();
    if (wire === 0) {
      parts.push({ number, value: Number(BigInt.asIntN(32, BigInt(input.varint()))), bytes: none });
    } else if (wire === 2) {
      parts.push({ number, value: 0, bytes: input.slice(input.end(bytes.length)) });
    } else input.skip(number, wire, bytes.length);
  }
  return parts;
}

const textOf = (part: Part | undefined): string =>
  part === undefined ? '' : new WireBytes(part.bytes).text(part.bytes.length);

const partOf = (parts: readonly Part[], number: number): Part | undefined =>
  parts.findLast((part) => part.number === number);

function fileOf(bytes: Uint8Array): ProtoFile {
  const parts = partsOf(bytes);
  const syntax = textOf(partOf(parts, 12)) || 'proto2';
  if (syntax !== 'proto2' && syntax !== 'proto3') invalidSchema(`a file has the syntax ${syntax}`);
  const scope = textOf(partOf(parts, 2));
  const into: Into = { messages: [], enums: [], isProto3: syntax === 'proto3' };
  for (const part of parts) if (part.number === 5) into.enums.push(enumOf(part.bytes, scope, into.isProto3));
  parts
    .filter(({ number }) => number === 4)
    .forEach((part, i) => addMessage(part.bytes, { scope, path: String(i), depth: 0 }, into));
  const imports = parts.filter(({ number }) => number === 3).map((part) => textOf(part));
  return { messages: into.messages, enums: into.enums, imports };
}

interface Into {
  readonly messages: ProtoMessage[];
  readonly enums: ProtoEnum[];
  readonly isProto3: boolean;
}

interface Place {
  readonly scope: string;
  readonly path: string;
  readonly depth: number;
}

const within = (scope: string, name: string): string => (scope === '' ? name : `${scope}.${name}`);

function addMessage(bytes: Uint8Array, { scope, path, depth }: Place, into: Into): void {
  if (depth > deepest) invalidSchema(`messages are more than ${deepest} deep`);
  const parts = partsOf(bytes);
  const name = within(scope, textOf(partOf(parts, 1)));
  const options = partOf(parts, 7);
  const isMapEntry = options !== undefined && partOf(partsOf(options.bytes), 7)?.value === 1;
  const fields = parts.flatMap((part) => (part.number === 2 ? [fieldOf(part.bytes, into.isProto3)] : []));
  into.messages.push({ name, fields, isMapEntry, path, isProto3: into.isProto3 });
  for (const part of parts) if (part.number === 4) into.enums.push(enumOf(part.bytes, name, into.isProto3));
  parts
    .filter(({ number }) => number === 3)
    .forEach((part, i) => addMessage(part.bytes, { scope: name, path: `${path}.${i}`, depth: depth + 1 }, into));
}

const kinds =
  ' double float int64 uint64 int32 fixed64 fixed32 bool string group message bytes uint32 enum sfixed32 sfixed64 sint32 sint64'.split(
    ' ',
  );

function fieldOf(bytes: Uint8Array, isProto3: boolean): ProtoField {
  const parts = partsOf(bytes);
  const name = textOf(partOf(parts, 1));
  const label = (['optional', 'required', 'repeated'] as const)[(partOf(parts, 4)?.value ?? 1) - 1] ?? 'optional';
  const kind = kinds[partOf(parts, 5)?.value ?? 0] ?? '';
  if (kind === '' || kind === 'group')
    return invalidSchema(`the field ${name} is ${kind === '' ? 'of no type' : 'a group'}`);
  const oneof = partOf(parts, 9)?.value;
  const options = partOf(parts, 8);
  const packed = options === undefined ? undefined : partOf(partsOf(options.bytes), 2)?.value;
  const text = partOf(parts, 7);
  return {
    name,
    number: partOf(parts, 3)?.value ?? 0,
    label,
    type: kind === 'message' || kind === 'enum' ? textOf(partOf(parts, 6)) : kind,
    ...(oneof === undefined ? {} : { oneof }),
    hasPresence: label !== 'repeated' && (!isProto3 || oneof !== undefined || kind === 'message'),
    isPacked: packed === undefined ? isProto3 : packed === 1,
    ...(text === undefined ? {} : { default: textOf(text) }),
  };
}

function enumOf(bytes: Uint8Array, scope: string, isProto3: boolean): ProtoEnum {
  const parts = partsOf(bytes);
  const values = parts.flatMap((part) => {
    if (part.number !== 2) return [];
    const value = partsOf(part.bytes);
    return [[textOf(partOf(value, 1)), partOf(value, 2)?.value ?? 0] as const];
  });
  return { name: within(scope, textOf(partOf(parts, 1))), values, isProto3 };
}
