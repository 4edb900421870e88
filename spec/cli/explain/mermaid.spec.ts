import { describe, expect, it } from '@jest/globals';
import { mermaid } from '../../../lib/cli/explain/mermaid.ts';

describe('a graph in the language of Mermaid', () => {
  it('tells inputs, steps, state and outputs apart', () => {
    const plain = { keepsState: false, isOutput: false };
    const text = mermaid([
      { ...plain, id: 'a', label: 'kafka', inputs: [] },
      { ...plain, id: 'b', label: 'map', inputs: ['a'] },
      { ...plain, id: 'c', label: 'totals', inputs: ['b'], keepsState: true },
      { ...plain, id: 'd', label: 'print', inputs: ['c'], isOutput: true },
    ]);
    expect(text).toBe(
      'flowchart TD\n  n0(["kafka"])\n  n1["map"]\n  n2[("totals")]\n  n3[/"print"/]\n  n0 --> n1\n  n1 --> n2\n  n2 --> n3\n',
    );
  });

  it('shows any name as it is', () => {
    const text = mermaid([{ id: 'x', label: '"a" <b> #c\n`', inputs: [], keepsState: false, isOutput: false }]);
    expect(text).toBe('flowchart TD\n  n0(["#34;a#34; #60;b#62; #35;c#10;#96;"])\n');
  });
});
