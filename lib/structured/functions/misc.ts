import type { FunctionDefinition } from './define-function.ts';

export const miscFunctions: readonly FunctionDefinition[] = [];
