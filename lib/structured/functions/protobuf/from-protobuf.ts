import { raise } from '../../../kernel/errors.ts';
import { registryOf, registrySettings, type SchemaRegistry } from '../../registry/schema-registry.ts';
import { decodeValues } from '../decode-values.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { prepareSchemas } from '../registry-values.ts';
import { constantOf, takes } from '../signatures.ts';
import { messageHeader } from './message-header.ts';
import { type ProtoDecoder, protoDecoder } from './proto-decoder.ts';
import { protobufOptions } from './proto-options.ts';
import { type MessagePlan, planMessage } from './proto-plan.ts';
import { protoSchema } from './proto-schema.ts';

function planOf({ args, options }: Pick<BindSite, 'args' | 'options'>): MessagePlan {
  const schema = protoSchema(constantOf('from_protobuf', args, 2));
  return planMessage(schema, String(constantOf('from_protobuf', args, 1)), protobufOptions('from_protobuf', options));
}

function decoderOf(site: BindSite): ProtoDecoder {
  const plan = planOf(site);
  const decode = protoDecoder(plan, protobufOptions('from_protobuf', site.options));
  const settings = registrySettings(site.options ?? {});
  return settings === undefined ? decode : registryDecoder(registryOf(settings), plan.message.name, decode);
}

/** Fields go by number, so the given schema reads what others wrote; what they wrote has to be the same message. */
function registryDecoder(registry: SchemaRegistry, wanted: string, decode: ProtoDecoder): ProtoDecoder {
  return (bytes) => {
    const { id, path, length } = messageHeader(bytes);
    const written = registry.messageAt(id, path);
    if (written !== wanted) raise('PROTOBUF_BYTES_INVALID', { problem: `they are a ${written} and not a ${wanted}` });
    return decode(bytes, length);
  };
}

/**
 * Messages of Protocol Buffers. Schemas of a registry are fetched before the rows of a block are worked on, by the ids in front of
 * their values: evaluation waits for nothing.
 */
export const fromProtobuf: FunctionDefinition = {
  name: 'from_protobuf',
  group: 'json',
  summary:
    'The struct in bytes of a message of Protocol Buffers, by a descriptor set or the text of a .proto file. With the option schemaRegistryUrl the bytes begin with the id of the schema they were written with and the place of the message in it. What is malformed fails (mode FAILFAST) or is null (PERMISSIVE).',
  usage: 'from_protobuf(bytes, message, schema[, options])',
  examples: [[`from_protobuf(X'089601', 'M', 'syntax = "proto3"; message M { int32 a = 1; }')`, '{150}']],
  resolve(args, site) {
    const { options } = site;
    const signature = takes(
      'from_protobuf',
      ['binary', 'string', 'any', 'any?'],
      () => planOf({ args, ...(options === undefined ? {} : { options }) }).type,
    )(args, site);
    return { ...signature, nullable: true };
  },
  body: {
    kind: 'scalar',
    bind(site: BindSite) {
      return decodeValues({
        decode: decoderOf(site),
        code: 'MALFORMED_PROTOBUF_MESSAGE',
        isPermissive: protobufOptions('from_protobuf', site.options).isPermissive,
        instead: null,
      });
    },
    prepare: prepareSchemas,
  },
};
