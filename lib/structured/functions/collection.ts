import type { FunctionDefinition } from './define-function.ts';

export const collectionFunctions: readonly FunctionDefinition[] = [];
