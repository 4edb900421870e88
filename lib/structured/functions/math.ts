import type { FunctionDefinition } from './define-function.ts';

export const mathFunctions: readonly FunctionDefinition[] = [];
