import { raise } from '../../../kernel/errors.ts';
import { arrayType, atomic } from '../../types/type-classes.ts';
import type { BindSite, FunctionDefinition } from '../define-function.ts';
import { type JavaPattern, type PatternMatch, javaPattern } from '../regexp/java-pattern.ts';
import { type Replacement, javaReplacement } from '../regexp/replacement.ts';
import { charactersOf, matchesOf, replaceAll, splitBy } from '../regexp/searches.ts';
import { scalarsOf } from '../scalar.ts';
import { constantOf } from '../signatures.ts';
import { likePattern } from './like-pattern.ts';

const define = scalarsOf('string');
const texts = arrayType(atomic('string'), false);

/** The pattern of a call: compiled when the call is made where it is a literal, else looked up for each row. */
function patternOf(name: string, { args }: BindSite, index: number): (given: string) => JavaPattern {
  const arg = args[index];
  if (arg?.kind === 'literal' && typeof arg.value === 'string') {
    const fixed = javaPattern(name, arg.value);
    return () => fixed;
  }
  return (given) => javaPattern(name, given);
}

function group(name: string, { groups }: PatternMatch, index: number): string {
  if (index < 0 || index >= groups.length) {
    raise('INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX', { function: name, groups: groups.length - 1, index });
  }
  return groups[index] ?? '';
}

function countOf(pattern: JavaPattern, text: string): number {
  let count = 0;
  for (const _ of matchesOf(pattern, text)) count++;
  return count;
}

function like(name: string, ignoresCase: boolean): FunctionDefinition {
  return define(
    name,
    ['string', 'string', 'string?'],
    'boolean',
    {
      summary: `Whether a text fits a pattern with % and _${ignoresCase ? ', whatever the case' : ''}.`,
      usage: `str ${name.toUpperCase()} pattern [ESCAPE escape]`,
      examples: [[`'Spark' ${name.toUpperCase()} '${ignoresCase ? 's' : 'S'}p_rk'`, 'true']],
    },
    (text: string, pattern: string, escape = '\\') =>
      ignoresCase ? likePattern(pattern.toLowerCase(), escape)(text.toLowerCase()) : likePattern(pattern, escape)(text),
  );
}

/** A replacement for a pattern: made once where both are literals. */
function replacementOf({ args }: BindSite): (by: string, pattern: JavaPattern) => Replacement {
  let made: { readonly by: string; readonly pattern: JavaPattern; readonly replacement: Replacement } | undefined;
  const isFixed = args[2]?.kind === 'literal';
  return (by, pattern) => {
    if (made?.by === by && made.pattern === pattern) return made.replacement;
    const replacement = javaReplacement('regexp_replace', by, pattern);
    if (isFixed) made = { by, pattern, replacement };
    return replacement;
  };
}

/** Functions with regular expressions, in Java's syntax. */
export const patternFunctions: readonly FunctionDefinition[] = [
  like('like', false),
  like('ilike', true),
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
        const pattern = patternOf('rlike', site, 1);
        return (text: string, given: string) => pattern(given).find(text, 0) !== undefined;
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
        const pattern = patternOf('split', site, 1);
        return (text: string, given: string, limit = -1) =>
          given === '' ? charactersOf(text, limit) : splitBy(pattern(given), text, limit);
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
        const pattern = patternOf('regexp_replace', site, 1);
        const replacement = replacementOf(site);
        const position = constantOf('regexp_replace', site.args, 3);
        if (typeof position === 'number' && position < 1)
          raise('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE', {
            position: 'fourth',
            function: 'regexp_replace',
            range: '1 or more',
            actual: position,
          });
        return (text: string, given: string, by: string, position = 1) => {
          const start = position - 1;
          if (start > 0 && start >= text.length) return text;
          const found = pattern(given);
          const tail = replaceAll(found, start === 0 ? text : text.slice(start), replacement(by, found));
          return start === 0 ? tail : text.slice(0, start) + tail;
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
        const pattern = patternOf('regexp_extract', site, 1);
        return (text: string, given: string, index = 1) => {
          const match = pattern(given).find(text, 0);
          return match === undefined ? '' : group('regexp_extract', match, index);
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
        const pattern = patternOf('regexp_extract_all', site, 1);
        return (text: string, given: string, index = 1) =>
          Array.from(matchesOf(pattern(given), text), (match) => group('regexp_extract_all', match, index));
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
        const pattern = patternOf('regexp_count', site, 1);
        return (text: string, given: string) => countOf(pattern(given), text);
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
        const pattern = patternOf('regexp_substr', site, 1);
        return (text: string, given: string) => pattern(given).find(text, 0)?.groups[0] || null;
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
        const pattern = patternOf('regexp_instr', site, 1);
        return (text: string, given: string) => (pattern(given).find(text, 0)?.from ?? -1) + 1;
      },
    },
  ),
];
