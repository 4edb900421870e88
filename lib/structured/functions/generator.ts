import type { FunctionDefinition } from './define-function.ts';

export const generatorFunctions: readonly FunctionDefinition[] = [];
