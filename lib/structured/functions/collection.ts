import { arrayFunctions } from './collections/arrays.ts';
import { lambdaFunctions } from './collections/lambdas.ts';
import { mapFunctions } from './collections/maps.ts';
import { sequenceFunctions } from './collections/sequence.ts';
import type { FunctionDefinition } from './define-function.ts';

export const collectionFunctions: readonly FunctionDefinition[] = [
  ...arrayFunctions,
  ...lambdaFunctions,
  ...mapFunctions,
  ...sequenceFunctions,
];
