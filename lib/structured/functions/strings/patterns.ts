import { raise } from '../../../kernel/errors.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { scalarsOf } from '../scalar.ts';
import { javaPattern, javaReplacement } from './java-pattern.ts';

const define = scalarsOf('string');
const texts = arrayType(atomic('string'), false);

/** The pattern of a call: compiled when the call is made where it is a literal, else looked up for each row. */
function patternOf(name: string, { args }: BindSite, index: number, flags: string): (given: string) => RegExp {
  const arg = args[index];
  if (arg?.kind === 'literal' && typeof arg.value === 'string') {
    const fixed = javaPattern(name, arg.value, flags);
    return () => {
      fixed.lastIndex = 0;
      return fixed;
    };
  }
  return (given) => javaPattern(name, given, flags);
}

/** Java drops empty strings at the end only when no limit is given; Spark's limit is -1 by default, so they stay. */
function split(text: string, pattern: RegExp, isEmptyPattern: boolean, limit: number): string[] {
  if (isEmptyPattern) {
    const characters = Array.from(text);
    if (text === '') return [''];
    return limit > 0 && characters.length > limit
      ? [...characters.slice(0, limit - 1), characters.slice(limit - 1).join('')]
      : characters;
  }
  const parts: string[] = [];
  let from = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (match[0] === '') {
      pattern.lastIndex += 1;
      // An empty match gives no empty text in front.
      if (match.index === 0) continue;
    }
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

function group(name: string, match: readonly (string | undefined)[], index: number): string {
  if (index < 0 || index >= match.length) {
    raise('INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX', { function: name, groups: match.length - 1, index });
  }
  return match[index] ?? '';
}

function countGroups(pattern: RegExp): number {
  return (new RegExp(`${pattern.source}|`, pattern.flags.replace('g', '')).exec('') as RegExpExecArray).length;
}

/** LIKE's pattern as a regular expression: `%` any characters, `_` one, the escape takes the next as it is. */
function likePattern(pattern: string, escape: string, flags: string): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === escape) {
      i++;
      source += quoteForPattern(pattern[i] ?? '');
    } else if (char === '%') source += '.*';
    else if (char === '_') source += '.';
    else source += quoteForPattern(char);
  }
  return new RegExp(`^${source}$`, `s${flags}u`);
}

function quoteForPattern(char: string): string {
  return char.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}

const likePatterns = new Map<string, RegExp>();

function like(name: string, flags: string): FunctionDefinition {
  return define(
    name,
    ['string', 'string', 'string?'],
    'boolean',
    {
      summary: `Whether a text fits a pattern with % and _${flags === 'i' ? ', whatever the case' : ''}.`,
      usage: `str ${name.toUpperCase()} pattern [ESCAPE escape]`,
      examples: [[`'Spark' ${name.toUpperCase()} '${flags === 'i' ? 's' : 'S'}p_rk'`, 'true']],
    },
    {
      bind:
        () =>
        (text: string, pattern: string, escape = '\\') => {
          const id = `${flags}${escape}${pattern}`;
          let compiled = likePatterns.get(id);
          if (compiled === undefined) {
            compiled = likePattern(pattern, escape, flags);
            if (likePatterns.size > 500) likePatterns.clear();
            likePatterns.set(id, compiled);
          }
          return compiled.test(text);
        },
    },
  );
}

/** Functions with regular expressions, in Java's syntax. */
export const patternFunctions: readonly FunctionDefinition[] = [
  like('like', ''),
  like('ilike', 'i'),
  define(
    'rlike',
    ['string', 'string'],
    'boolean',
    {
      summary: 'Whether a regular expression is found in a text.',
      usage: 'rlike(str, regexp)',
      examples: [["rlike('Spark', '^S')", 'true']],
      aliases: ['regexp_like', 'regexp'],
    },
    {
      bind(site) {
        const pattern = patternOf('rlike', site, 1, '');
        return (text: string, given: string) => pattern(given).test(text);
      },
    },
  ),
  define(
    'split',
    ['string', 'string', 'int?'],
    texts,
    {
      summary: 'The parts between matches of a regular expression; with a limit, the last part has the rest.',
      usage: 'split(str, regex[, limit])',
      examples: [
        ["split('oneAtwoBthreeC', '[ABC]')", '[one, two, three, ]'],
        ["split('oneAtwoBthreeC', '[ABC]', 2)", '[one, twoBthreeC]'],
      ],
    },
    {
      bind(site) {
        const pattern = patternOf('split', site, 1, 'g');
        return (text: string, given: string, limit = -1) => split(text, pattern(given), given === '', limit);
      },
    },
  ),
  define(
    'regexp_replace',
    ['string', 'string', 'string', 'int?'],
    'string',
    {
      summary: 'Replaces all matches; `$1` in the replacement is the first group.',
      usage: 'regexp_replace(str, regexp, rep[, position])',
      examples: [[String.raw`regexp_replace('100-200', '(\\d+)', 'num')`, 'num-num']],
    },
    {
      bind(site) {
        const pattern = patternOf('regexp_replace', site, 1, 'g');
        const fixed =
          site.args[2]?.kind === 'literal' && typeof site.args[2].value === 'string'
            ? replacer(site.args[2].value)
            : undefined;
        return (text: string, given: string, by: string, position = 1) => {
          const start = Math.max(0, position - 1);
          const head = text.slice(0, start);
          return head + (fixed ?? replacer(by))(start === 0 ? text : text.slice(start), pattern(given));
        };
      },
    },
  ),
  define(
    'regexp_extract',
    ['string', 'string', 'int?'],
    'string',
    {
      summary: 'A group of the first match, an empty text when there is none.',
      usage: 'regexp_extract(str, regexp[, idx])',
      examples: [[String.raw`regexp_extract('100-200', '(\\d+)-(\\d+)', 1)`, '100']],
    },
    {
      bind(site) {
        const pattern = patternOf('regexp_extract', site, 1, '');
        return (text: string, given: string, index = 1) => {
          const match = pattern(given).exec(text);
          return match === null ? '' : group('regexp_extract', match, index);
        };
      },
    },
  ),
  define(
    'regexp_extract_all',
    ['string', 'string', 'int?'],
    texts,
    {
      summary: 'A group of every match.',
      usage: 'regexp_extract_all(str, regexp[, idx])',
      examples: [[String.raw`regexp_extract_all('100-200, 300-400', '(\\d+)-(\\d+)', 1)`, '[100, 300]']],
    },
    {
      bind(site) {
        const pattern = patternOf('regexp_extract_all', site, 1, 'g');
        return (text: string, given: string, index = 1) =>
          Array.from(text.matchAll(pattern(given)), (match) => group('regexp_extract_all', match, index));
      },
    },
  ),
  define(
    'regexp_count',
    ['string', 'string'],
    'int',
    {
      summary: 'How often a regular expression is found.',
      usage: 'regexp_count(str, regexp)',
      examples: [["regexp_count('Steven Jones and Stephen Smith', 'Ste(v|ph)en')", '2']],
    },
    {
      bind(site) {
        const pattern = patternOf('regexp_count', site, 1, 'g');
        return (text: string, given: string) => Array.from(text.matchAll(pattern(given))).length;
      },
    },
  ),
  define(
    'regexp_substr',
    ['string', 'string'],
    'string',
    {
      summary: 'The first match, null when there is none.',
      usage: 'regexp_substr(str, regexp)',
      examples: [["regexp_substr('Steven Jones', 'Ste(v|ph)en')", 'Steven']],
    },
    {
      bind(site) {
        const pattern = patternOf('regexp_substr', site, 1, '');
        return (text: string, given: string) => pattern(given).exec(text)?.[0] ?? null;
      },
    },
    { nullable: true },
  ),
  define(
    'regexp_instr',
    ['string', 'string', 'int?'],
    'int',
    {
      summary: 'The position from 1 of the first match, 0 when there is none.',
      usage: 'regexp_instr(str, regexp)',
      examples: [["regexp_instr('user@spark.apache.org', '@[^.]*')", '5']],
    },
    {
      bind(site) {
        const pattern = patternOf('regexp_instr', site, 1, '');
        return (text: string, given: string) => (pattern(given).exec(text)?.index ?? -1) + 1;
      },
    },
  ),
];

function replacer(by: string): (text: string, pattern: RegExp) => string {
  if (!/[\\$]/u.test(by)) return (text, pattern) => text.replace(pattern, () => by);
  const make = javaReplacement(by);
  return (text, pattern) => {
    const groups = by.includes('$') ? countGroups(pattern) : 0;
    return text.replace(pattern, (...match: unknown[]) => {
      const named = typeof match.at(-1) === 'object' ? (match.at(-1) as Record<string, string>) : undefined;
      return make(match.slice(0, Math.max(1, groups)) as (string | undefined)[], named);
    });
  };
}
