import { raise } from '../../../kernel/errors.ts';

const compiled = new Map<string, RegExp>();
const maxCompiled = 500;

/**
 * A regular expression of Java as one of JavaScript, compiled once. What only Java has (possessive quantifiers, atomic groups, flags in
 * the middle) is refused with a code.
 */
export function javaPattern(functionName: string, pattern: string, flags = ''): RegExp {
  const id = `${flags}/${pattern}`;
  const known = compiled.get(id);
  if (known !== undefined) {
    known.lastIndex = 0;
    return known;
  }
  const made = compile(functionName, pattern, flags);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(id, made);
  return made;
}

function compile(functionName: string, pattern: string, flags: string): RegExp {
  const leading = /^\(\?([imsux]+)\)/u.exec(pattern);
  const own = (leading?.[1] ?? '').replaceAll('x', '').replaceAll('u', '');
  const source = translate(pattern.slice(leading?.[0].length ?? 0));
  const all = [...new Set(`${flags}${own}u`)].join('');
  try {
    return new RegExp(source, all);
  } catch (error) {
    try {
      // Escapes of punctuation that need no escape are refused with the flag u only.
      return new RegExp(source, all.replace('u', ''));
    } catch {
      return raise(
        'INVALID_PARAMETER_VALUE.PATTERN',
        { function: functionName, pattern, reason: (error as Error).message },
        { cause: error },
      );
    }
  }
}

const classes: Readonly<Record<string, string>> = {
  '\\p{Alpha}': 'A-Za-z',
  '\\p{Digit}': '0-9',
  '\\p{Alnum}': 'A-Za-z0-9',
  '\\p{Upper}': 'A-Z',
  '\\p{Lower}': 'a-z',
  '\\p{Punct}': '!-\\/:-@\\[-`\\{-~',
  '\\p{Space}': '\\t\\n\\v\\f\\r ',
  '\\p{Blank}': ' \\t',
  '\\p{XDigit}': '0-9A-Fa-f',
  '\\p{ASCII}': '\\x00-\\x7F',
  '\\h': ' \\t\\u00A0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
};

/** Rewrites what the two dialects spell differently. */
function translate(pattern: string): string {
  let isInClass = false;
  let result = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === '\\') {
      const rest = pattern.slice(i);
      const named = Object.keys(classes).find((name) => rest.startsWith(name));
      if (named !== undefined) {
        result += isInClass ? classes[named] : `[${classes[named]}]`;
        i += named.length - 1;
      } else if (rest.startsWith('\\Q')) {
        const end = pattern.indexOf('\\E', i);
        const quoted = pattern.slice(i + 2, end < 0 ? undefined : end);
        result += quoted.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
        i = end < 0 ? pattern.length : end + 1;
      } else {
        const next = pattern[i + 1] ?? '';
        const anchors: Readonly<Record<string, string>> = {
          A: '^',
          z: '$',
          Z: '$',
          R: '(?:\\r\\n|[\\n\\r\\u2028\\u2029])',
          a: '\\x07',
          e: '\\x1B',
        };
        result += isInClass ? `\\${next}` : (anchors[next] ?? `\\${next}`);
        i++;
      }
    } else {
      if (char === '[' && isInClass) result += '\\';
      if (char === '[') isInClass = true;
      if (char === ']') isInClass = false;
      result += char;
    }
  }
  return result;
}

/** Java's replacement text: `$1` and `${name}` are groups, a backslash takes the next character as it is. */
export function javaReplacement(
  replacement: string,
): (match: readonly (string | undefined)[], groups: Readonly<Record<string, string>> | undefined) => string {
  const parts: (string | number | { readonly name: string })[] = [];
  for (let i = 0; i < replacement.length; i++) {
    const char = replacement[i] as string;
    if (char === '\\') {
      parts.push(replacement[i + 1] ?? '');
      i++;
      continue;
    }
    const group = char === '$' ? /^\$(?:(\d+)|\{(\w+)\})/u.exec(replacement.slice(i)) : null;
    if (group === null) {
      parts.push(char);
      continue;
    }
    parts.push(group[1] === undefined ? { name: group[2] as string } : Number(group[1]));
    i += group[0].length - 1;
  }
  return (match, groups) =>
    parts
      .map((part) =>
        typeof part === 'string' ? part : typeof part === 'number' ? (match[part] ?? '') : (groups?.[part.name] ?? ''),
      )
      .join('');
}
