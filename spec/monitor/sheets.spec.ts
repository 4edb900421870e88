import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

const shared = 'lib/monitor/client/table.css';
const pages = ['lib/monitor/client/live.css', 'lib/learn/page/learn.css', 'lib/compare/page/style.css'];

/** Each selector of a sheet with each of its declarations, one a line; what holds for some screens only is left out. */
function declarationsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8')
    .replaceAll(/\/\*.*?\*\//gsu, '')
    .replaceAll(/^@media[^{]*\{\n(?: .*\n)*\}/gmu, '');
  return [...text.matchAll(/([^{}]+)\{([^{}]*)\}/gu)].flatMap(([, selectors = '', body = '']) =>
    selectors.split(',').flatMap((selector) =>
      body
        .split(';')
        .map((declaration) => declaration.trim())
        .filter((declaration) => declaration !== '')
        .map((declaration) => `${selector.trim()} { ${declaration.replaceAll(/\s+/gu, ' ')} }`),
    ),
  );
}

it('says how tables look in one sheet, which the sheets of the pages do not repeat', () => {
  const said = new Set(declarationsOf(shared));
  expect([...said]).toContain('table { border-collapse: collapse }');
  for (const page of pages) {
    const declared = declarationsOf(page);
    expect(declared.length).toBeGreaterThan(10);
    expect({ page, again: declared.filter((one) => said.has(one)) }).toEqual({ page, again: [] });
  }
});
