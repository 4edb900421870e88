import { raise } from '../../../kernel/errors.ts';

export interface ProtoField {
  readonly name: string;
  readonly number: number;
  readonly label: 'optional' | 'required' | 'repeated';
  /** A scalar, or the name of a message or an enum: whole, or seen from where the field is. */
  readonly type: string;
  /** Which of the message's oneofs it is in. */
  readonly oneof?: number;
  /** Whether one that is absent differs from one that has the value zero. */
  readonly hasPresence: boolean;
  readonly isPacked: boolean;
  /** As it is written in a descriptor. */
  readonly default?: string;
}

export interface ProtoMessage {
  readonly name: string;
  readonly fields: readonly ProtoField[];
  readonly isMapEntry: boolean;
  /** Its place among the messages of its file, and those of the messages around it: `1.0`. */
  readonly path: string;
  readonly isProto3: boolean;
}

export interface ProtoEnum {
  readonly name: string;
  readonly values: readonly (readonly [name: string, number: number])[];
  readonly isProto3: boolean;
}

/** One file of definitions: everything in it by its whole name, nested ones too. */
export interface ProtoFile {
  readonly messages: readonly ProtoMessage[];
  readonly enums: readonly ProtoEnum[];
  readonly imports: readonly string[];
}

/** Messages within messages, in a definition or in bytes to be skipped. */
export const deepest = 100;

export function invalidSchema(problem: string): never {
  return raise('PROTOBUF_SCHEMA_INVALID', { problem });
}
