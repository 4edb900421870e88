/**
 * A tree as lines, each node above those below it, as Spark draws them.
 *
 * @example
 * treeText({ name: 'a', below: [{ name: 'b', below: [] }] }, (node) => node.name, (node) => node.below)   // => 'a\n+- b'
 */
export function treeText<T>(root: T, line: (node: T) => string, below: (node: T) => readonly T[]): string {
  const lines: string[] = [];
  const draw = (node: T, head: string, rest: string): void => {
    lines.push(`${head}${line(node)}`);
    const children = below(node);
    for (const [i, child] of children.entries()) {
      if (i === children.length - 1) draw(child, `${rest}+- `, `${rest}   `);
      else draw(child, `${rest}:- `, `${rest}:  `);
    }
  };
  draw(root, '', '');
  return lines.join('\n');
}
