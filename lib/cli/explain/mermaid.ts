/** A node of a drawing. */
export interface DrawnNode {
  readonly id: string;
  readonly label: string;
  readonly inputs: readonly string[];
  readonly keepsState: boolean;
  readonly isOutput: boolean;
}

/**
 * A graph in Mermaid's language, from the inputs down. Labels are quoted and what Mermaid would read as markup is escaped, so that any name
 * is shown as it is.
 *
 * @example
 * mermaid([{ id: 'kafka', label: 'kafka', inputs: [], keepsState: false, isOutput: false }])   // => 'flowchart TD\n  n0(["kafka"])\n'
 */
export function mermaid(nodes: readonly DrawnNode[]): string {
  const numbers = new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
  const lines = ['flowchart TD'];
  for (const { id, label, inputs, keepsState, isOutput } of nodes) {
    const text = `"${escaped(label)}"`;
    const shape =
      inputs.length === 0 ? `([${text}])` : keepsState ? `[(${text})]` : isOutput ? `[/${text}/]` : `[${text}]`;
    lines.push(`  ${numbers.get(id)}${shape}`);
  }
  for (const { id, inputs } of nodes) {
    for (const input of inputs) if (numbers.has(input)) lines.push(`  ${numbers.get(input)} --> ${numbers.get(id)}`);
  }
  return `${lines.join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&"<>#`\n]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
