import { partsOf, type RegExpNode } from './syntax.ts';

/**
 * The tree as a pattern of JavaScript with the flag v; undefined when JavaScript has no way to say it: possessive quantifiers, atomic
 * groups, and references to groups, which fail in Java where the group has not matched. A look behind that is repeated is undefined, too:
 * V8 passes over matches of it in texts with characters outside of the basic plane.
 */
export function nativeSource(node: RegExpNode): string | undefined {
  switch (node.kind) {
    case 'set':
    case 'assertion':
      return node.source;
    case 'sequence':
      return joined(node.items, '');
    case 'either': {
      const inside = joined(node.branches, '|');
      return inside === undefined ? undefined : `(?:${inside})`;
    }
    case 'group': {
      const inside = nativeSource(node.body);
      return inside === undefined ? undefined : `(${inside})`;
    }
    case 'look': {
      const inside = nativeSource(node.body);
      return inside === undefined ? undefined : `(?${node.isBehind ? '<' : ''}${node.isNegative ? '!' : '='}${inside})`;
    }
    case 'repeat': {
      const inside = nativeSource(node.body);
      if (inside === undefined || node.mode === 'possessive' || (node.most > 1 && looksBehind(node.body)))
        return undefined;
      const isOne = node.body.kind === 'set' || node.body.kind === 'group';
      return `${isOne ? inside : `(?:${inside})`}${quantifier(node)}${node.mode === 'lazy' ? '?' : ''}`;
    }
    case 'atomic':
    case 'reference':
      return undefined;
    default:
      return node satisfies never;
  }
}

function looksBehind(node: RegExpNode): boolean {
  return (node.kind === 'look' && node.isBehind) || partsOf(node).some(looksBehind);
}

function joined(items: readonly RegExpNode[], between: string): string | undefined {
  const sources: string[] = [];
  for (const item of items) {
    const source = nativeSource(item);
    if (source === undefined) return undefined;
    sources.push(source);
  }
  return sources.join(between);
}

function quantifier({ least, most }: RegExpNode & { kind: 'repeat' }): string {
  if (least === 0 && most === 1) return '?';
  if (most === Infinity) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  return least === most ? `{${least}}` : `{${least},${most}}`;
}
