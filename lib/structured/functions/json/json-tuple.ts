import { raise } from '../../../kernel/errors.ts';
import { atomic } from '../../types/type-classes.ts';
import { sqlTypeText } from '../../types/type-text.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { takes } from '../signatures.ts';
import { type Json, JsonObject, jsonOptions, readJson } from './json-reader.ts';
import { jsonText } from './json-text.ts';

const options = jsonOptions({ allowUnquotedControlChars: 'true' });

/** Several fields of a JSON object at once, as texts. */
export const jsonTuple: FunctionDefinition = {
  name: 'json_tuple',
  group: 'generator',
  summary: 'Fields of a JSON object as text columns: c0, c1, ...',
  usage: 'json_tuple(jsonStr, field, ...)',
  examples: [[`json_tuple('{"a":1, "b":2}', 'a', 'b')`, '1\t2']],
  resolve(args, site) {
    const { args: types } = takes('json_tuple', ['string', 'string', 'string...'], 'void')(args, site);
    const strange = args.find(({ type }) => type.kind !== 'string');
    if (strange !== undefined) {
      raise('DATATYPE_MISMATCH.NON_STRING_TYPE', { function: 'json_tuple', actual: sqlTypeText(strange.type) });
    }
    const fields = args.slice(1).map((_, i) => ({ name: `c${i}`, type: atomic('string'), nullable: true }));
    return { args: types, type: { kind: 'struct', fields }, nullable: false };
  },
  body: {
    kind: 'generator',
    bind:
      () =>
      (text, ...names) => {
        const value = text === null ? undefined : readJson(text as string, options);
        const object = value instanceof JsonObject ? value : undefined;
        return [names.map((name) => (name === null ? null : plainText(object?.get(name as string))))];
      },
  },
};

/** A text as it is, anything else as JSON; null for null and for what is not there. */
export function plainText(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : jsonText(value);
}
