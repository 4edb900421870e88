import type { FunctionDefinition } from './define-function.ts';

export const hashFunctions: readonly FunctionDefinition[] = [];
