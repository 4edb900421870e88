import { raise } from '../../../kernel/errors.ts';
import { registryOf, registrySettings, type SchemaRegistry } from '../../registry/schema-registry.ts';
import type { DataType } from '../../types/data-type.ts';
import { decodeValues } from '../decode-values.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { idBytes, prepareSchemas, schemaIdOf } from '../registry-values.ts';
import { constantOf, takes } from '../signatures.ts';
import { type AvroDecoder, avroDecoder } from './avro-decoder.ts';
import { type AvroType, parseAvroSchema } from './avro-schema.ts';
import { sqlTypeOfAvro } from './avro-types.ts';

type Options = Readonly<Record<string, string>>;

function optionOf(options: Options | undefined, name: string): string | undefined {
  return Object.entries(options ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The schema that values are read with: `avroSchema` where the given one is only what they were written with. */
function readerText({ args, options }: Pick<BindSite, 'args'> & { readonly options?: Options }): string {
  return optionOf(options, 'avroSchema') ?? String(constantOf('from_avro', args, 1));
}

/** Makes what decodes one value. */
function decoderOf(site: BindSite): AvroDecoder {
  const reader = parseAvroSchema(readerText(site));
  const settings = registrySettings(site.options ?? {});
  if (settings === undefined) {
    return avroDecoder(parseAvroSchema(String(constantOf('from_avro', site.args, 1))), reader);
  }
  return registryDecoder(registryOf(settings), reader);
}

function registryDecoder(registry: SchemaRegistry, reader: AvroType): AvroDecoder {
  const decoders = new Map<number, AvroDecoder>();
  return (bytes) => {
    const id = schemaIdOf(bytes) ?? raise('SCHEMA_REGISTRY_HEADER', {});
    let decode = decoders.get(id);
    if (decode === undefined) decoders.set(id, (decode = avroDecoder(registry.schema(id), reader)));
    return decode(bytes, idBytes);
  };
}

function modeOf(options: Options | undefined): 'PERMISSIVE' | 'FAILFAST' {
  const mode = (optionOf(options, 'mode') ?? 'FAILFAST').toUpperCase();
  if (mode === 'PERMISSIVE' || mode === 'FAILFAST') return mode;
  return raise('PARSE_MODE_UNSUPPORTED', { function: 'from_avro', mode });
}

/**
 * Values of Avro. Schemas of a registry are fetched before the rows of a block are worked on, by the ids in front of their values:
 * evaluation waits for nothing.
 */
export const fromAvro: FunctionDefinition = {
  name: 'from_avro',
  group: 'json',
  summary:
    'The value in bytes of Avro, by a schema. With the option schemaRegistryUrl the bytes begin with the id of the schema they were written with, and the given one is what they are read as. What is malformed fails (mode FAILFAST) or is null (PERMISSIVE).',
  usage: 'from_avro(bytes, schema[, options])',
  examples: [[`from_avro(X'02', '"int"')`, '1']],
  resolve(args, site) {
    const permissive = modeOf(site.options) === 'PERMISSIVE';
    const signature = takes('from_avro', ['binary', 'string', 'any?'], () => {
      const { type } = sqlTypeOfAvro(
        parseAvroSchema(readerText({ args, ...(site.options === undefined ? {} : { options: site.options }) })),
      );
      return permissive ? nullable(type) : type;
    })(args, site);
    return { ...signature, nullable: true };
  },
  body: {
    kind: 'scalar',
    bind(site: BindSite) {
      return decodeValues({
        decode: decoderOf(site),
        code: 'MALFORMED_AVRO_MESSAGE',
        isPermissive: modeOf(site.options) === 'PERMISSIVE',
        instead: site.type.kind === 'struct' ? site.type.fields.map(() => null) : null,
      });
    },
    prepare: prepareSchemas,
  },
};

/** Everything in it may be null: what is malformed is. */
function nullable(type: DataType): DataType {
  if (type.kind !== 'struct') return type;
  return { kind: 'struct', fields: type.fields.map((field) => ({ ...field, nullable: true })) };
}
