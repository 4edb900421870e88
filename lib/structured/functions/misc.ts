import { host } from '../../io/host.ts';
import { raise } from '../../kernel/errors.ts';
import type { Long } from '../types/data-type.ts';
import { JavaRandom } from '../types/java-random.ts';
import { atomic } from '../types/type-classes.ts';
import { typeText } from '../types/type-text.ts';
import type { FunctionDefinition } from './define-function.ts';
import { encryptionFunctions } from './encryption.ts';
import { scalarsOf } from './scalar.ts';
import { constantOf, unexpected } from './signatures.ts';
import { hllScalars } from './sketches/hll/functions.ts';
import { thetaScalars } from './sketches/theta/functions.ts';

const define = scalarsOf('misc');

/** A version 4 UUID of random bits. */
function uuid(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  digits[12] = '4';
  digits[16] = '89ab'.charAt(Math.floor(random() * 4));
  const text = digits.join('');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

/** The condition of `assert_true`: nothing is cast to a truth value. */
function ofTruth(definition: FunctionDefinition): FunctionDefinition {
  return {
    ...definition,
    resolve(args, site) {
      const [condition] = args;
      if (condition !== undefined && condition.type.kind !== 'boolean' && condition.type.kind !== 'void') {
        unexpected(definition.name, 0, condition, 'BOOLEAN');
      }
      return definition.resolve(args, site);
    },
  };
}

export const miscFunctions: readonly FunctionDefinition[] = [
  ...encryptionFunctions,
  ...hllScalars,
  ...thetaScalars,
  define(
    'typeof',
    ['any'],
    'string',
    {
      summary: "The type of a value, in Spark's words.",
      usage: 'typeof(expr)',
      examples: [
        ['typeof(1)', 'int'],
        ['typeof(array(1))', 'array<int>'],
      ],
    },
    {
      bind({ args }) {
        const text = typeText(args[0]?.type ?? atomic('void'));
        return () => text;
      },
    },
    { nullable: false, seesNulls: true },
  ),
  define(
    'uuid',
    ['bigint?'],
    'string',
    {
      summary: 'A random UUID; with a seed one of a series that is the same each time.',
      usage: 'uuid([seed])',
      examples: [['length(uuid())', '36']],
    },
    {
      bind({ args }) {
        const seed = constantOf('uuid', args, 0);
        if (seed === undefined || seed === null) return () => uuid(Math.random);
        const random = new JavaRandom(seed as Long);
        return () => uuid(() => random.nextDouble());
      },
    },
    { deterministic: false, nullable: false },
  ),
  define(
    'monotonically_increasing_id',
    [],
    'bigint',
    {
      summary: 'A number that grows from row to row; its upper bits are the partition.',
      usage: 'monotonically_increasing_id()',
      examples: [['monotonically_increasing_id()', '0']],
    },
    {
      bind({ context }) {
        let next = context.partitionId * 2 ** 33;
        return () => next++;
      },
    },
    { deterministic: false, nullable: false },
  ),
  define(
    'spark_partition_id',
    [],
    'int',
    {
      summary: 'The number of the partition.',
      usage: 'spark_partition_id()',
      examples: [['spark_partition_id()', '0']],
    },
    {
      bind:
        ({ context }) =>
        () =>
          context.partitionId,
    },
    { deterministic: false, nullable: false },
  ),
  define(
    'raise_error',
    ['string'],
    'void',
    { summary: 'Fails the query with a message.', usage: 'raise_error(message)', examples: [] },
    (message: string | null) => raise('USER_RAISED_EXCEPTION', { message: message ?? 'null' }),
    { deterministic: false, nullable: true, seesNulls: true },
  ),
  ofTruth(
    define(
      'assert_true',
      ['boolean', 'string?'],
      'void',
      {
        summary: 'Null when the condition is true, else fails the query.',
        usage: 'assert_true(expr[, message])',
        examples: [['assert_true(0 < 1)', 'NULL']],
      },
      (condition: boolean | null, message: string | null = null) =>
        condition === true
          ? null
          : raise('USER_RAISED_EXCEPTION', { message: message ?? 'the condition of assert_true is not true' }),
      { deterministic: false, nullable: true, seesNulls: true },
    ),
  ),
  define(
    'current_catalog',
    [],
    'string',
    {
      summary: 'The catalog: there is one.',
      usage: 'current_catalog()',
      examples: [['current_catalog()', 'spark_catalog']],
    },
    () => 'spark_catalog',
    { nullable: false },
  ),
  define(
    'current_database',
    [],
    'string',
    {
      summary: 'The database: there is one.',
      usage: 'current_database()',
      examples: [['current_database()', 'default']],
      aliases: ['current_schema'],
    },
    () => 'default',
    { nullable: false },
  ),
  define(
    'current_user',
    [],
    'string',
    {
      summary: 'The user of the process.',
      usage: 'current_user()',
      examples: [['current_user() = user()', 'true']],
      aliases: ['user', 'session_user'],
    },
    () => host().userName?.() ?? 'anonymous',
    { nullable: false },
  ),
  define(
    'version',
    [],
    'string',
    {
      summary: 'The version of Spark whose semantics these are.',
      usage: 'version()',
      examples: [],
    },
    () => '4.1.2',
    { nullable: false },
  ),
];
