import { raise } from '../../../kernel/errors.ts';
import type { JavaPattern, PatternMatch } from './java-pattern.ts';

/** What stands for a match. */
export type Replacement = (match: PatternMatch) => string;

/**
 * Java's replacement text for a pattern: `$1` and `${name}` are groups, a backslash takes the next character as it is. A group that the
 * pattern lacks is refused.
 */
export function javaReplacement(functionName: string, text: string, pattern: JavaPattern): Replacement {
  if (!/[\\$]/u.test(text)) return () => text;
  const refuse = (reason: string): never =>
    raise('INVALID_REGEXP_REPLACE', { function: functionName, replacement: text, reason });
  const parts: (string | number)[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '\\') parts.push(text[++i] ?? refuse('nothing follows its last backslash'));
    else if (char !== '$') parts.push(char);
    else {
      const found = /^\$(?:(\d)(\d*)|\{([A-Za-z][A-Za-z0-9]*)\})/u.exec(text.slice(i));
      if (found === null) return refuse('no group follows a $');
      const [all, digit, more = '', name = ''] = found;
      if (digit === undefined) {
        parts.push(pattern.names.get(name) ?? refuse(`the pattern has no group ${name}`));
        i += all.length - 1;
        continue;
      }
      const index = groupNumber(digit, more, pattern.groupCount);
      if (index.value > pattern.groupCount) refuse(`the pattern has ${pattern.groupCount} groups`);
      parts.push(index.value);
      i += index.length;
    }
  }
  return ({ groups }) => parts.map((part) => (typeof part === 'string' ? part : (groups[part] ?? ''))).join('');
}

/** As many digits as make the number of a group that is there; the first in any case. */
function groupNumber(
  first: string,
  more: string,
  groupCount: number,
): { readonly value: number; readonly length: number } {
  let value = Number(first);
  let length = 1;
  for (const digit of more) {
    const next = value * 10 + Number(digit);
    if (next > groupCount) break;
    value = next;
    length++;
  }
  return { value, length };
}
