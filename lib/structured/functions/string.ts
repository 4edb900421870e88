import type { FunctionDefinition } from './define-function.ts';
import { encodingFunctions } from './strings/encodings.ts';
import { numberFormatFunctions } from './strings/number-format.ts';
import { patternFunctions } from './strings/patterns.ts';
import { textFunctions } from './strings/text.ts';

export const stringFunctions: readonly FunctionDefinition[] = [
  ...textFunctions,
  ...patternFunctions,
  ...encodingFunctions,
  ...numberFormatFunctions,
];
