import type { FunctionDefinition } from './define-function.ts';

export const conditionalFunctions: readonly FunctionDefinition[] = [];
