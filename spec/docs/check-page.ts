import { expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { type ExampleResult, Page } from './page.ts';
import { runExample } from './run-example.ts';
import { typeErrors } from './type-check.ts';

/**
 * Runs every example of a page, compares what it shows with what the page says, and compiles it. `MILLRACE_WRITE_DOCS=1 npm run jest -- spec/docs`
 * writes what they show into the page instead.
 */
export function checkPage(path: string): Page {
  const text = readFileSync(path, 'utf8');
  const page = new Page(text);
  if (process.env['MILLRACE_WRITE_DOCS'] !== undefined) {
    it(`the results of ${path} are written`, async () => {
      const results: ExampleResult[] = [];
      for (const example of page.examples) results.push(await runExample(example));
      writeFileSync(path, page.with(results));
      expect(results).toHaveLength(page.examples.length);
    }, 120_000);
    return page;
  }
  it.each(
    page.examples.map(
      (example) => [`${example.headings.slice(1).join(', ')} (line ${example.line})`, example] as const,
    ),
  )(
    '%s',
    async (_, example) => {
      const shown = await runExample(example);
      expect(shown.code).toBe(example.code);
      expect(shown.output).toBe(example.output ?? '');
    },
    30_000,
  );
  it('compiles', () => {
    expect(typeErrors(page.examples)).toEqual([]);
  }, 60_000);
  return page;
}
