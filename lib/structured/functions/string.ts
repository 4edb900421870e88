import type { FunctionDefinition } from './define-function.ts';

export const stringFunctions: readonly FunctionDefinition[] = [];
