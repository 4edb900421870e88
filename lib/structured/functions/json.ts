import type { FunctionDefinition } from './define-function.ts';

export const jsonFunctions: readonly FunctionDefinition[] = [];
