import type { FunctionDefinition } from './define-function.ts';

export const rankingFunctions: readonly FunctionDefinition[] = [];
