import type { FunctionDefinition } from './define-function.ts';

export const aggregateFunctions: readonly FunctionDefinition[] = [];
