import type { InternalValue } from '../../types/data-type.ts';
import { atomic } from '../../types/type-classes.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';
import { avroEncoder } from './avro-encoder.ts';
import { avroOfType } from './avro-of-type.ts';
import { parseAvroSchema } from './avro-schema.ts';

/** Values as bytes of Avro, without a header of a registry. */
export const toAvro: FunctionDefinition = {
  name: 'to_avro',
  group: 'json',
  summary:
    'The value as bytes of Avro: in the schema that is given, or in the one that its type has in Spark, where what may be null is a union.',
  usage: 'to_avro(value[, schema])',
  examples: [[`hex(to_avro(1, '"int"'))`, '02']],
  resolve(args, site) {
    const signature = takes('to_avro', ['any', 'string?'], 'binary')(args, site);
    return { ...signature, nullable: true };
  },
  body: {
    kind: 'scalar',
    bind({ args }) {
      const type = args[0]?.type ?? atomic('void');
      const schema =
        args[1] === undefined
          ? avroOfType(type, args[0]?.nullable ?? true)
          : parseAvroSchema(String(constantOf('to_avro', args, 1)));
      const encode = avroEncoder(type, schema);
      return { evaluate: (value: InternalValue) => encode(value) };
    },
  },
};
