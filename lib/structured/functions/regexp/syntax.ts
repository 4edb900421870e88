/**
 * A regular expression of Java as a tree. Flags are settled while it is parsed: a node says what it matches whatever stands in front.
 * `source` of a set is a class of JavaScript with the flag v.
 */
export type RegExpNode =
  | { readonly kind: 'set'; readonly source: string }
  | { readonly kind: 'sequence'; readonly items: readonly RegExpNode[] }
  | { readonly kind: 'either'; readonly branches: readonly RegExpNode[] }
  | {
      readonly kind: 'repeat';
      readonly body: RegExpNode;
      readonly least: number;
      readonly most: number;
      readonly mode: RepeatMode;
    }
  | { readonly kind: 'group'; readonly body: RegExpNode; readonly index: number; readonly name?: string }
  | { readonly kind: 'atomic'; readonly body: RegExpNode }
  | { readonly kind: 'look'; readonly body: RegExpNode; readonly isBehind: boolean; readonly isNegative: boolean }
  | { readonly kind: 'assertion'; readonly source: string }
  | { readonly kind: 'reference'; readonly index: number; readonly ignoresCase: boolean };

type RepeatMode = 'greedy' | 'lazy' | 'possessive';

/** What a node is made of. */
export function partsOf(node: RegExpNode): readonly RegExpNode[] {
  switch (node.kind) {
    case 'sequence':
      return node.items;
    case 'either':
      return node.branches;
    case 'group':
    case 'atomic':
    case 'look':
    case 'repeat':
      return [node.body];
    case 'set':
    case 'assertion':
    case 'reference':
      return [];
    default:
      return node satisfies never;
  }
}

export interface ParsedPattern {
  readonly root: RegExpNode;
  /** Groups that capture, without the whole match. */
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
}

/** A character as it is written within a class or pattern with the flag v. */
export function characterSource(code: number): string {
  const char = String.fromCodePoint(code);
  return /^[A-Za-z0-9]$/u.test(char) ? char : `\\u{${code.toString(16)}}`;
}
