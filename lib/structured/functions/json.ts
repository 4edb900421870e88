import { arrayType, atomic } from '../types/type-classes.ts';
import type { FunctionDefinition } from './define-function.ts';
import { fromJson } from './json/from-json.ts';
import { jsonAtPath, parseJsonPath } from './json/json-path.ts';
import { JsonObject, jsonOptions, readJson } from './json/json-reader.ts';
import { requireText } from './json/require-text.ts';
import { schemaOfJson } from './json/schema-of-json.ts';
import { toJson } from './json/to-json.ts';
import { scalarsOf } from './scalar.ts';

const define = scalarsOf('json');
/** Texts may hold control characters as they are. */
const strict = jsonOptions({ allowUnquotedControlChars: 'true' });

/** A definition whose first argument must be a text already. */
function ofText(definition: FunctionDefinition): FunctionDefinition {
  return {
    ...definition,
    resolve(args, site) {
      requireText(definition.name, args, 0);
      return definition.resolve(args, site);
    },
  };
}

export const jsonFunctions: readonly FunctionDefinition[] = [
  fromJson,
  toJson,
  schemaOfJson,
  ...[
    define(
      'get_json_object',
      ['string', 'string'],
      'string',
      {
        summary: 'What a path finds in a JSON text: texts without quotes, anything else as JSON.',
        usage: 'get_json_object(jsonStr, path)',
        examples: [[`get_json_object('{"a":"b"}', '$.a')`, 'b']],
      },
      {
        bind({ args }) {
          const path = args[1];
          const fixed = path?.kind === 'literal' && typeof path.value === 'string' ? parseJsonPath(path.value) : null;
          return (text: string, given: string) => {
            const steps = fixed === null ? parseJsonPath(given) : fixed;
            return steps === undefined ? null : jsonAtPath(text, steps);
          };
        },
      },
      { nullable: true },
    ),
    define(
      'json_array_length',
      ['string'],
      'int',
      {
        summary: 'How many elements the outermost array of a JSON text has.',
        usage: 'json_array_length(jsonStr)',
        examples: [["json_array_length('[1,2,3,4]')", '4']],
      },
      (text: string) => {
        const value = readJson(text, strict);
        return Array.isArray(value) ? value.length : null;
      },
      { nullable: true },
    ),
    define(
      'json_object_keys',
      ['string'],
      arrayType(atomic('string')),
      {
        summary: 'The keys of the outermost object of a JSON text.',
        usage: 'json_object_keys(jsonStr)',
        examples: [[`json_object_keys('{"f1":1,"f2":2}')`, '[f1, f2]']],
      },
      (text: string) => {
        const value = readJson(text, strict);
        return value instanceof JsonObject ? value.keys : null;
      },
      { nullable: true },
    ),
  ].map(ofText),
];
