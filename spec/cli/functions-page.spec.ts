import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { allFunctions } from '../../lib/structured/functions/registry.ts';

const page = readFileSync('docs/functions.md', 'utf8');

/** The entry of a function: from its heading to the next one. */
const entries: ReadonlyMap<string, string> = new Map(
  [...page.matchAll(/^### `(.+)`\n\n([^]*?)(?=^##|(?![^]))/gmu)].map(([, name = '', text = '']) => [name, text]),
);

describe('docs/functions.md (npm run functions writes it)', () => {
  it('has an entry for every function, and no other', () => {
    expect([...entries.keys()]).toEqual(allFunctions.map(({ name }) => name));
  });

  it('says of each what its definition says', () => {
    const stale = allFunctions.filter(({ name, aliases = [], usage, summary, examples }) => {
      const text = entries.get(name) ?? '';
      const shown = examples.map(
        ([expression, result]) => `${expression}\n-- => ${result.trimEnd().replaceAll('\n', '\n--    ')}\n`,
      );
      return ![`\`${usage}\``, ` ${summary}\n`, ...aliases.map((alias) => `\`${alias}\``), ...shown].every((part) =>
        text.includes(part),
      );
    });
    expect(stale.map(({ name }) => name)).toEqual([]);
  });
});
