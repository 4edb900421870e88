import { raise } from '../../../kernel/errors.ts';
import { nativeSource } from './native-source.ts';
import { parsePattern } from './parse-pattern.ts';
import { type PatternCost, costOf } from './pattern-cost.ts';
import { type Found, TooManySteps, stepMatcher } from './step-matcher.ts';
import { type ParsedPattern, partsOf, type RegExpNode } from './syntax.ts';

/** A regular expression of Java, compiled once. */
export interface JavaPattern {
  /** How many groups it has, without the whole match. */
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
  /** The first match at or behind a place of the text, in units. */
  readonly find: (text: string, from: number) => PatternMatch | undefined;
}

export interface PatternMatch {
  readonly from: number;
  readonly until: number;
  /** The whole match and the groups; undefined for those that did not match. */
  readonly groups: readonly (string | undefined)[];
}

/**
 * Steps that a search may take before it is ended with an error: some tenths of a second. Java has no bound, and may run for years; here
 * a search that does not end would hold up every query of the process.
 */
const MOST_STEPS = 2_000_000;

/** What JavaScript's own engine, which cannot be interrupted, is let run on: so many steps at worst. */
const MOST_NATIVE_STEPS = 2e8;

const compiled = new Map<string, JavaPattern>();
const maxCompiled = 500;

/** The pattern of a text in Java's syntax; compiled when it is first met. A malformed one is refused with the function's name. */
export function javaPattern(functionName: string, pattern: string): JavaPattern {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compile(functionName, pattern);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

function compile(functionName: string, pattern: string): JavaPattern {
  const refuse = (reason: string): never =>
    raise('INVALID_PARAMETER_VALUE.PATTERN', { function: functionName, pattern, reason });
  const parsed = parsePattern(pattern, refuse);
  const source = losesGroups(parsed.root) ? undefined : nativeSource(parsed.root);
  const bySteps = steps(functionName, pattern, parsed);
  const { groupCount, names } = parsed;
  if (source === undefined) return { groupCount, names, find: bySteps };
  const limit = nativeLength(costOf(parsed.root));
  const native = limit === 0 ? undefined : nativeSearch(new RegExp(source, 'gv'));
  return {
    groupCount,
    names,
    find: (text, from) => (native !== undefined && text.length <= limit ? native(text, from) : bySteps(text, from)),
  };
}

/** The length of texts up to which a pattern is left to JavaScript. */
function nativeLength(cost: PatternCost): number {
  if (cost === 'exponential') return 0;
  return cost === 1 ? Infinity : Math.floor(MOST_NATIVE_STEPS ** (1 / cost));
}

function nativeSearch(pattern: RegExp): JavaPattern['find'] {
  return (text, from) => {
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    return match === null ? undefined : { from: match.index, until: match.index + match[0].length, groups: match };
  };
}

function steps(functionName: string, pattern: string, parsed: ParsedPattern): JavaPattern['find'] {
  let search: ((text: string, from: number) => Found | undefined) | undefined;
  return (text, from) => {
    search ??= stepMatcher(parsed, MOST_STEPS);
    try {
      const found = search(text, from);
      if (found === undefined) return undefined;
      const groups = Array.from({ length: parsed.groupCount + 1 }, (_, i) => {
        const [start, end] =
          i === 0 ? [found.from, found.until] : [found.groups[2 * i] ?? -1, found.groups[2 * i + 1] ?? -1];
        return start < 0 || end < 0 ? undefined : text.slice(start, end);
      });
      return { from: found.from, until: found.until, groups };
    } catch (error) {
      if (!(error instanceof TooManySteps)) throw error;
      return raise('REGEXP_TOO_MANY_STEPS', {
        function: functionName,
        pattern,
        length: text.length,
        steps: error.steps,
      });
    }
  };
}

/** Whether JavaScript would forget a group that Java keeps: one that does not take part in each round of a repetition. */
function losesGroups(node: RegExpNode, isOptional = false, isRepeated = false): boolean {
  if (node.kind === 'group' && isOptional && isRepeated) return true;
  const optional =
    node.kind === 'either' ? isRepeated : node.kind === 'repeat' ? isRepeated && node.least === 0 : isOptional;
  const repeated = isRepeated || (node.kind === 'repeat' && node.most > 1);
  return partsOf(node).some((part) => losesGroups(part, optional, repeated));
}
