import { type SampledSet, emptySet, fullSet, overlaps, sampledSet, union } from './character-set.ts';
import type { RegExpNode } from './syntax.ts';

/**
 * How the steps of a backtracking engine may grow with the length of a text that does not match: the power, 1 for patterns without
 * repetitions; `exponential` where a repetition can split one text in several ways, as `(a+)+` and `(a|a)*` can.
 *
 * A repetition counts only where another way is left to try: `\d+-` never gives digits back to a `-`, so `(\d+-)+` is no trap.
 */
export type PatternCost = 'exponential' | number;

export function costOf(root: RegExpNode): PatternCost {
  if (!repeats(root)) return 1;
  const { degree } = measure(root, emptySet);
  // Each place of a text may be tried as the start of a match.
  return degree === 'exponential' ? degree : 1 + Math.max(1, degree);
}

interface Measure {
  /** How many repetitions may share one text. */
  readonly degree: PatternCost;
  /** Whether there is more than one way to match a text. */
  readonly isAmbiguous: boolean;
}

/** More rounds than this are as many as a text has. */
const manyRounds = 1000;
/** So few rounds of something ambiguous multiply the ways, but do not blow them up. */
const fewRounds = 3;

function repeats(node: RegExpNode): boolean {
  switch (node.kind) {
    case 'set':
    case 'assertion':
      return false;
    case 'reference':
      return true;
    case 'sequence':
      return node.items.some(repeats);
    case 'either':
      return node.branches.some(repeats);
    case 'group':
    case 'atomic':
    case 'look':
      return repeats(node.body);
    case 'repeat':
      return node.most > fewRounds || repeats(node.body);
    default:
      return node satisfies never;
  }
}

/** `follow` is what may come behind the node. */
function measure(node: RegExpNode, follow: SampledSet): Measure {
  switch (node.kind) {
    case 'set':
    case 'assertion':
      return { degree: 0, isAmbiguous: false };
    case 'reference':
      return { degree: 1, isAmbiguous: true };
    case 'sequence': {
      let rest = follow;
      let sum: Measure = { degree: 0, isAmbiguous: false };
      for (const item of node.items.toReversed()) {
        sum = both(sum, measure(item, rest));
        rest = before(item, rest);
      }
      return sum;
    }
    case 'either':
      return ofBranches(node.branches, follow);
    case 'group':
    case 'atomic':
      return measure(node.body, follow);
    case 'look':
      return { ...measure(node.body, emptySet), isAmbiguous: false };
    case 'repeat':
      return ofRepetition(node, follow);
    default:
      return node satisfies never;
  }
}

function ofRepetition({ body, least, most }: RegExpNode & { kind: 'repeat' }, follow: SampledSet): Measure {
  const { set, isNullable } = firstOf(body);
  const inside = measure(body, most > 1 ? union(set, follow) : follow);
  const isAmbiguous = least !== most && overlaps(set, follow);
  if (most > fewRounds && (inside.isAmbiguous || isNullable || inside.degree === 'exponential'))
    return { degree: 'exponential', isAmbiguous: true };
  const own = isAmbiguous && most > manyRounds ? 1 : 0;
  const degree = inside.degree === 'exponential' ? inside.degree : inside.degree * Math.min(most, fewRounds) + own;
  return { degree, isAmbiguous: isAmbiguous || inside.isAmbiguous };
}

function ofBranches(branches: readonly RegExpNode[], follow: SampledSet): Measure {
  let seen = emptySet;
  let isAmbiguous = false;
  let degree: PatternCost = 0;
  for (const branch of branches) {
    const start = before(branch, follow);
    isAmbiguous ||= overlaps(seen, start);
    seen = union(seen, start);
    const inside = measure(branch, follow);
    isAmbiguous ||= inside.isAmbiguous;
    degree =
      degree === 'exponential' || inside.degree === 'exponential' ? 'exponential' : Math.max(degree, inside.degree);
  }
  return { degree, isAmbiguous };
}

function both(a: Measure, b: Measure): Measure {
  const isAmbiguous = a.isAmbiguous || b.isAmbiguous;
  if (a.degree === 'exponential' || b.degree === 'exponential') return { degree: 'exponential', isAmbiguous };
  return { degree: a.degree + b.degree, isAmbiguous };
}

/** What a match of the node, and what is behind it, may begin with. */
function before(node: RegExpNode, follow: SampledSet): SampledSet {
  const { set, isNullable } = firstOf(node);
  return isNullable ? union(set, follow) : set;
}

function firstOf(node: RegExpNode): { readonly set: SampledSet; readonly isNullable: boolean } {
  switch (node.kind) {
    case 'set':
      return { set: sampledSet(node.source), isNullable: false };
    case 'assertion':
    case 'look':
      return { set: emptySet, isNullable: true };
    case 'reference':
      return { set: fullSet, isNullable: true };
    case 'group':
    case 'atomic':
      return firstOf(node.body);
    case 'repeat': {
      const { set, isNullable } = firstOf(node.body);
      return { set, isNullable: isNullable || node.least === 0 };
    }
    case 'either': {
      const all = node.branches.map(firstOf);
      return {
        set: all.map(({ set }) => set).reduce(union, emptySet),
        isNullable: all.some(({ isNullable }) => isNullable),
      };
    }
    case 'sequence': {
      let set = emptySet;
      for (const item of node.items) {
        const first = firstOf(item);
        set = union(set, first.set);
        if (!first.isNullable) return { set, isNullable: false };
      }
      return { set, isNullable: true };
    }
    default:
      return node satisfies never;
  }
}
