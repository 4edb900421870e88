import type { FunctionDefinition } from './define-function.ts';

export const operatorFunctions: readonly FunctionDefinition[] = [];
