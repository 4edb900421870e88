import { arithmeticOperators } from './operators/arithmetic.ts';
import { bitOperators } from './operators/bits.ts';
import { comparisonOperators } from './operators/comparison.ts';
import { logicOperators } from './operators/logic.ts';
import { structOperators } from './operators/structs.ts';
import type { FunctionDefinition } from './define-function.ts';

/** What SQL writes between its operands, and what stands for it as a function. */
export const operatorFunctions: readonly FunctionDefinition[] = [
  ...arithmeticOperators,
  ...comparisonOperators,
  ...logicOperators,
  ...bitOperators,
  ...structOperators,
];
