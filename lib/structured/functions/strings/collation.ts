import { raise } from '../../../kernel/errors.ts';
import type { FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { constantOf } from '../signatures.ts';

const define = scalarsOf('string');
const binary = 'UTF8_BINARY';

/** Texts are compared by their characters here: the one collation is Spark's default. */
export const collationFunctions: readonly FunctionDefinition[] = [
  define(
    'collation',
    ['text'],
    'string',
    {
      summary: 'The collation of a text: always that of characters by their numbers.',
      usage: 'collation(expr)',
      examples: [["collation('Spark SQL')", 'SYSTEM.BUILTIN.UTF8_BINARY']],
    },
    () => `SYSTEM.BUILTIN.${binary}`,
    { nullable: false, seesNulls: true },
  ),
  define(
    'collate',
    ['string', 'string'],
    'string',
    {
      summary: 'The text with a collation; only UTF8_BINARY is there.',
      usage: 'collate(expr, collationName)',
      examples: [["collate('Spark SQL', 'UTF8_BINARY')", 'Spark SQL']],
    },
    {
      bind({ args }) {
        const name = String(constantOf('collate', args, 1));
        if (name.toUpperCase() !== binary) raise('COLLATION_INVALID_NAME', { collationName: name });
        return (text: string) => text;
      },
    },
  ),
];
