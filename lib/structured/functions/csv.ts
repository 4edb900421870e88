import { fromCsv } from './csv/from-csv.ts';
import { schemaOfCsv } from './csv/schema-of-csv.ts';
import { toCsv } from './csv/to-csv.ts';
import type { FunctionDefinition } from './define-function.ts';

export const csvFunctions: readonly FunctionDefinition[] = [fromCsv, toCsv, schemaOfCsv];
