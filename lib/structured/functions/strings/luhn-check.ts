import { defineFunction } from '../define-function.ts';
import { takes } from '../signatures.ts';

/** The check digit of card and account numbers, by Luhn's rule: every second digit from the right counts twice. */
export const luhnCheck = defineFunction({
  name: 'luhn_check',
  group: 'string',
  summary: "Whether a text of digits passes Luhn's check; false for any other text.",
  usage: 'luhn_check(str)',
  examples: [
    ["luhn_check('79927398713')", 'true'],
    ["luhn_check('79927398714')", 'false'],
  ],
  resolve: takes('luhn_check', ['string'], 'boolean'),
  body: { kind: 'scalar', bind: () => ({ evaluate: passes }) },
});

function passes(text: string): boolean {
  if (!/^[0-9]+$/u.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(text.length - 1 - i) - 48;
    const counted = i % 2 === 1 ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}
