import { failure, MillraceError, messageOf, raise } from '../../../kernel/errors.ts';
import { registryOf, registrySettings, type SchemaRegistry } from '../../registry/schema-registry.ts';
import type { DataType, InternalValue } from '../../types/data-type.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { constantOf, takes } from '../signatures.ts';
import { type AvroDecoder, avroDecoder } from './avro-decoder.ts';
import { type AvroType, parseAvroSchema } from './avro-schema.ts';
import { sqlTypeOfAvro } from './avro-types.ts';

/** Before a value that was written through a registry: 0, and the id of its schema in four bytes. */
const headerBytes = 5;

/** The schema id in the header of a value. */
function schemaIdOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < headerBytes || bytes[0] !== 0) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(1);
}

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
    return decode(bytes, headerBytes);
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
      const decode = decoderOf(site);
      const isPermissive = modeOf(site.options) === 'PERMISSIVE';
      const nulls: InternalValue = site.type.kind === 'struct' ? site.type.fields.map(() => null) : null;
      return {
        evaluate(bytes: Uint8Array): InternalValue {
          try {
            return decode(bytes, 0);
          } catch (error) {
            if (!(error instanceof MillraceError) || error.code.startsWith('INTERNAL')) throw error;
            if (isPermissive) return nulls;
            throw failure('MALFORMED_AVRO_MESSAGE', { problem: messageOf(error) }, { cause: error });
          }
        },
      };
    },
    prepare({ options = {} }) {
      const settings = registrySettings(options);
      if (settings === undefined) return undefined;
      const registry = registryOf(settings);
      return async (values) => {
        const ids = new Set<number>();
        for (const value of values) {
          const id = value instanceof Uint8Array ? schemaIdOf(value) : undefined;
          if (id !== undefined) ids.add(id);
        }
        await registry.load(ids);
      };
    },
  },
};

/** Everything in it may be null: what is malformed is. */
function nullable(type: DataType): DataType {
  if (type.kind !== 'struct') return type;
  return { kind: 'struct', fields: type.fields.map((field) => ({ ...field, nullable: true })) };
}
