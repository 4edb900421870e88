import { describe, expect, it } from '@jest/globals';
import { allFunctions } from '../../../lib/structured/functions/registry.ts';
import { installHost } from '../../../lib/io/host.ts';
import { nodeHost } from '../../../lib/node/host.ts';
import { Session } from '../../../lib/structured/session.ts';

const spark = new Session({ config: { 'spark.sql.session.timeZone': 'UTC' } });

const printed: string[] = [];
installHost({
  ...nodeHost,
  write(text) {
    printed.push(text);
    return Promise.resolve();
  },
});

/** The rows that an example gives, as `show` prints their cells: with a tab between columns. */
async function cells(example: string): Promise<string> {
  const frame = frameOf(example);
  printed.length = 0;
  await frame.show(100, false);
  return printed
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(1)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim())
        .join('\t'),
    )
    .join('\n');
}

/** An example that is a whole query as it stands, an expression over the rows behind it or over one. */
function frameOf(example: string): ReturnType<typeof spark.range> {
  if (example.startsWith('SELECT ')) return spark.sql(example);
  const [expression = '', values] = example.split(' FROM VALUES ');
  const rows = values === undefined ? spark.range(1) : rowsOf(values);
  return rows.selectExpr(expression);
}

/** `1, NULL, 3` or `('a', 10), ('b', 50)` as a frame with the columns x and y. */
function rowsOf(values: string): ReturnType<typeof spark.range> {
  const rows = topLevel(values).map((row) => topLevel(row.startsWith('(') ? row.slice(1, -1) : row));
  const frames = rows.map((row) => spark.range(1).selectExpr(...row.map((item, i) => `${item} AS ${'xy'.charAt(i)}`)));
  return frames.reduce((all, frame) => all.union(frame));
}

/** The parts of a text between commas that are in no parentheses and no quotes. */
function topLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let part = '';
  for (const char of text) {
    if (char === "'") isQuoted = !isQuoted;
    if (!isQuoted && char === '(') depth++;
    if (!isQuoted && char === ')') depth--;
    if (char === ',' && depth === 0 && !isQuoted) {
      parts.push(part.trim());
      part = '';
    } else part += char;
  }
  return [...parts, part.trim()];
}

/** One gives nothing, the other something else with each release. */
const withoutExample = ['raise_error', 'version'];

it('no function is without an example, save those that can have none', () => {
  const bare = allFunctions.filter(({ examples }) => examples.length === 0);
  expect(bare.map(({ name }) => name)).toEqual(withoutExample);
});

describe('the example of every function gives what its documentation says', () => {
  for (const definition of allFunctions) {
    for (const [expression, result] of definition.examples) {
      it(`${definition.name}: ${expression}`, async () => {
        expect(await cells(expression)).toBe(result.trim());
      });
    }
  }
});
