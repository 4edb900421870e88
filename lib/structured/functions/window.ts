import type { FunctionDefinition } from './define-function.ts';

export const windowFunctions: readonly FunctionDefinition[] = [];
