import type { FunctionDefinition } from './define-function.ts';

export const datetimeFunctions: readonly FunctionDefinition[] = [];
