import type { InternalValue } from '../../types/data-type.ts';
import { atomic } from '../../types/type-classes.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';
import { protoEncoder } from './proto-encoder.ts';
import { protobufOptions } from './proto-options.ts';
import { planMessage } from './proto-plan.ts';
import { protoSchema } from './proto-schema.ts';

/** Structs as bytes of a message of Protocol Buffers, without a header of a registry. */
export const toProtobuf: FunctionDefinition = {
  name: 'to_protobuf',
  group: 'json',
  summary:
    'The struct as bytes of a message of Protocol Buffers, by a descriptor set or the text of a .proto file. Null fields are left out.',
  usage: 'to_protobuf(struct, message, schema[, options])',
  examples: [
    [`hex(to_protobuf(named_struct('a', 150), 'M', 'syntax = "proto3"; message M { int32 a = 1; }'))`, '089601'],
  ],
  resolve(args, site) {
    return { ...takes('to_protobuf', ['any', 'string', 'any', 'any?'], 'binary')(args, site), nullable: true };
  },
  body: {
    kind: 'scalar',
    bind({ args, options }) {
      const schema = protoSchema(constantOf('to_protobuf', args, 2));
      const message = String(constantOf('to_protobuf', args, 1));
      // The column that stands for no fields is none of the message.
      const plan = planMessage(schema, message, { ...protobufOptions('to_protobuf', options), retainsEmpty: false });
      const encode = protoEncoder(args[0]?.type ?? atomic('void'), plan);
      return { evaluate: (value: InternalValue) => encode(value) };
    },
  },
};
