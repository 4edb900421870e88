import type { FunctionDefinition } from './define-function.ts';
import { collationFunctions } from './strings/collation.ts';
import { encodingFunctions } from './strings/encodings.ts';
import { luhnCheck } from './strings/luhn-check.ts';
import { numberFormatFunctions } from './strings/number-format.ts';
import { patternFunctions } from './strings/patterns.ts';
import { sentenceFunctions } from './strings/sentences.ts';
import { textFunctions } from './strings/text.ts';
import { binaryFunctions } from './strings/to-binary.ts';
import { utf8Functions } from './strings/utf8-validity.ts';

export const stringFunctions: readonly FunctionDefinition[] = [
  ...textFunctions,
  ...patternFunctions,
  ...encodingFunctions,
  ...binaryFunctions,
  ...utf8Functions,
  ...numberFormatFunctions,
  ...sentenceFunctions,
  ...collationFunctions,
  luhnCheck,
];
