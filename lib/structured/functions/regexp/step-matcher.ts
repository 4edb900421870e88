import { setTest } from './character-set.ts';
import type { ParsedPattern, RegExpNode } from './syntax.ts';

/** A match of a search: where it is, and where its groups are: start and end of each in turn, -1 for a group that did not match. */
export interface Found {
  readonly from: number;
  readonly until: number;
  readonly groups: readonly number[];
}

interface State {
  readonly text: string;
  steps: number;
  /** Start and end of each group. */
  readonly groups: number[];
  readonly counts: number[];
  readonly starts: number[];
  /** Where groups that are not closed yet began. */
  readonly opened: number[];
}

/** Goes on from a place; the end of the whole match, or -1. */
type Step = (state: State, at: number) => number;

/** Thrown when a search needs more steps than it may take. */
export class TooManySteps {
  readonly steps: number;

  constructor(steps: number) {
    this.steps = steps;
  }
}

/**
 * Matches a tree by trying, as Java does, and counts its steps: a search that would take more than `mostSteps` ends with `TooManySteps`
 * (so does one that is nested too deep) instead of holding up everything else.
 */
export function stepMatcher(
  { root, groupCount }: ParsedPattern,
  mostSteps: number,
): (text: string, from: number) => Found | undefined {
  const compiler = new StepCompiler(mostSteps);
  const start = compiler.compile(root, (_, at) => at);
  const groupPlaces = 2 * (groupCount + 1);
  return (text, from) => {
    const state: State = {
      text,
      steps: 0,
      groups: Array.from({ length: groupPlaces }, () => -1),
      counts: Array.from({ length: compiler.loopCount }, () => 0),
      starts: Array.from({ length: compiler.loopCount }, () => -1),
      opened: [],
    };
    try {
      for (let at = from; at <= text.length; at += widthAt(text, at)) {
        compiler.count(state, 1);
        const until = start(state, at);
        if (until >= 0) return { from: at, until, groups: state.groups };
      }
      return undefined;
    } catch (error) {
      // Too deep for the stack: Java gives up there too.
      if (error instanceof RangeError) throw new TooManySteps(state.steps);
      throw error;
    }
  };
}

/** Units of the character at a place; 1 at the end, so that a search gets past it. */
function widthAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff && isLow(text.charCodeAt(at + 1)) ? 2 : 1;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Units of the character in front of a place. */
function widthBefore(text: string, at: number): number {
  return at > 1 && isLow(text.charCodeAt(at - 1)) && widthAt(text, at - 2) === 2 ? 2 : 1;
}

class StepCompiler {
  loopCount = 0;

  private readonly mostSteps: number;

  constructor(mostSteps: number) {
    this.mostSteps = mostSteps;
  }

  count(state: State, steps: number): void {
    state.steps += steps;
    if (state.steps > this.mostSteps) throw new TooManySteps(state.steps);
  }

  compile(node: RegExpNode, next: Step): Step {
    switch (node.kind) {
      case 'set': {
        const has = setTest(node.source);
        return (state, at) => {
          const code = state.text.codePointAt(at);
          return code !== undefined && has(code) ? next(state, at + (code > 0xffff ? 2 : 1)) : -1;
        };
      }
      case 'assertion': {
        const pattern = new RegExp(node.source, 'vy');
        return (state, at) => {
          pattern.lastIndex = at;
          return pattern.test(state.text) ? next(state, at) : -1;
        };
      }
      case 'sequence':
        return node.items.reduceRight<Step>((step, item) => this.compile(item, step), next);
      case 'either': {
        const branches = node.branches.map((branch) => this.compile(branch, next));
        return (state, at) => {
          this.count(state, 1);
          for (const branch of branches) {
            const until = branch(state, at);
            if (until >= 0) return until;
          }
          return -1;
        };
      }
      case 'group':
        return this.group(node, next);
      case 'atomic':
        return this.atomic(node.body, next);
      case 'look':
        return this.look(node, next);
      case 'reference':
        return this.reference(node, next);
      case 'repeat':
        if (node.mode === 'possessive') return this.atomic({ ...node, mode: 'greedy' }, next);
        return node.body.kind === 'set' ? this.run(node, node.body.source, next) : this.loop(node, next);
      default:
        return node satisfies never;
    }
  }

  private group({ body, index }: RegExpNode & { kind: 'group' }, next: Step): Step {
    const inside = this.compile(body, (state, at) => {
      const { groups, opened } = state;
      const [from, until] = [groups[2 * index] as number, groups[2 * index + 1] as number];
      const start = opened.pop() as number;
      groups[2 * index] = start;
      groups[2 * index + 1] = at;
      const end = next(state, at);
      if (end < 0) {
        groups[2 * index] = from;
        groups[2 * index + 1] = until;
        opened.push(start);
      }
      return end;
    });
    return (state, at) => {
      state.opened.push(at);
      const end = inside(state, at);
      if (end < 0) state.opened.pop();
      return end;
    };
  }

  private atomic(body: RegExpNode, next: Step): Step {
    const inside = this.compile(body, (_, at) => at);
    return (state, at) => {
      const before = state.groups.slice();
      const until = inside(state, at);
      const end = until < 0 ? -1 : next(state, until);
      if (end < 0) restore(state, before);
      return end;
    };
  }

  private look({ body, isBehind, isNegative }: RegExpNode & { kind: 'look' }, next: Step): Step {
    const target = { at: 0 };
    const widest = widthOf(body);
    const inside = this.compile(body, (_, at) => (isBehind && at !== target.at ? -1 : at));
    const holds: Step = (state, at) => {
      if (!isBehind) return inside(state, at);
      const outer = target.at;
      target.at = at;
      try {
        for (let from = at; from >= 0 && from >= at - widest; from -= from > 0 ? widthBefore(state.text, from) : 1) {
          this.count(state, 1);
          if (inside(state, from) >= 0) return at;
        }
        return -1;
      } finally {
        target.at = outer;
      }
    };
    return (state, at) => {
      const before = state.groups.slice();
      const found = holds(state, at) >= 0;
      if (isNegative) restore(state, before);
      const end = found === isNegative ? -1 : next(state, at);
      if (end < 0) restore(state, before);
      return end;
    };
  }

  private reference({ index, ignoresCase }: RegExpNode & { kind: 'reference' }, next: Step): Step {
    return (state, at) => {
      const from = state.groups[2 * index] ?? -1;
      if (from < 0) return -1;
      const part = state.text.slice(from, state.groups[2 * index + 1]);
      const found = state.text.slice(at, at + part.length);
      this.count(state, 1 + part.length);
      const isSame = part === found || (ignoresCase && part.toLowerCase() === found.toLowerCase());
      return isSame ? next(state, at + part.length) : -1;
    };
  }

  /** One character again and again: no deeper than the text that follows needs. */
  private run({ least, most, mode }: RegExpNode & { kind: 'repeat' }, source: string, next: Step): Step {
    const has = setTest(source);
    const advance = (text: string, at: number): number => {
      const code = text.codePointAt(at);
      return code !== undefined && has(code) ? at + (code > 0xffff ? 2 : 1) : -1;
    };
    return (state, at) => {
      const { text } = state;
      let until = at;
      let count = 0;
      const take = (): boolean => {
        const further = count < most ? advance(text, until) : -1;
        if (further < 0) return false;
        this.count(state, 1);
        until = further;
        count++;
        return true;
      };
      for (let i = 0; i < least; i++) if (!take()) return -1;
      if (mode === 'lazy') {
        for (;;) {
          const end = next(state, until);
          if (end >= 0 || !take()) return end;
        }
      }
      while (take());
      for (;;) {
        const end = next(state, until);
        if (end >= 0 || count === least) return end;
        this.count(state, 1);
        until -= widthBefore(text, until);
        count--;
      }
    };
  }

  private loop({ body, least, most, mode }: RegExpNode & { kind: 'repeat' }, next: Step): Step {
    const id = this.loopCount++;
    const rounds: { again?: Step } = {};
    const inside = this.compile(body, (state, at) => rounds.again?.(state, at) ?? -1);
    const enter = (state: State, at: number, count: number, start: number): number => {
      state.counts[id] = count + 1;
      state.starts[id] = at;
      const end = inside(state, at);
      if (end < 0) {
        state.counts[id] = count;
        state.starts[id] = start;
      }
      return end;
    };
    const leave = (state: State, at: number, count: number, start: number): number => {
      const end = next(state, at);
      if (end < 0) {
        state.counts[id] = count;
        state.starts[id] = start;
      }
      return end;
    };
    const again: Step = (state, at) => {
      this.count(state, 1);
      const count = state.counts[id] as number;
      const start = state.starts[id] as number;
      if (count < least) return enter(state, at, count, start);
      // A round that matched nothing is the last one.
      if (count >= most || at === start) return leave(state, at, count, start);
      if (mode === 'lazy') {
        const end = leave(state, at, count, start);
        return end >= 0 ? end : enter(state, at, count, start);
      }
      const end = enter(state, at, count, start);
      return end >= 0 ? end : leave(state, at, count, start);
    };
    rounds.again = again;
    return (state, at) => {
      const [count, start] = [state.counts[id] as number, state.starts[id] as number];
      state.counts[id] = 0;
      state.starts[id] = -1;
      const end = again(state, at);
      if (end < 0) {
        state.counts[id] = count;
        state.starts[id] = start;
      }
      return end;
    };
  }
}

function restore(state: State, groups: readonly number[]): void {
  for (const [i, place] of groups.entries()) state.groups[i] = place;
}

/** The most units that a tree matches. */
function widthOf(node: RegExpNode): number {
  switch (node.kind) {
    case 'set':
      return 2;
    case 'assertion':
    case 'look':
      return 0;
    case 'reference':
      return Infinity;
    case 'group':
    case 'atomic':
      return widthOf(node.body);
    case 'repeat':
      return node.most === 0 ? 0 : widthOf(node.body) * node.most;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + widthOf(item), 0);
    case 'either':
      return Math.max(...node.branches.map(widthOf));
    default:
      return node satisfies never;
  }
}
