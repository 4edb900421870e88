import type { FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { randomOf } from './xor-shift-random.ts';

const define = scalarsOf('math');

export const randomFunctions: readonly FunctionDefinition[] = [
  define(
    'rand',
    ['wholeNumber?'],
    'double',
    {
      summary: 'A random number from 0 (inclusive) to 1 (exclusive).',
      usage: 'rand([seed])',
      examples: [['rand(0) < 1', 'true']],
      aliases: ['random'],
    },
    {
      bind(site) {
        const random = randomOf('rand', site, 0);
        return () => random.nextDouble();
      },
    },
    { deterministic: false, nullable: false, seesNulls: true },
  ),
  define(
    'randn',
    ['wholeNumber?'],
    'double',
    {
      summary: 'A random number of the standard normal distribution.',
      usage: 'randn([seed])',
      examples: [['randn(0) IS NOT NULL', 'true']],
    },
    {
      bind(site) {
        const random = randomOf('randn', site, 0);
        return () => random.nextNormal();
      },
    },
    { deterministic: false, nullable: false, seesNulls: true },
  ),
];
