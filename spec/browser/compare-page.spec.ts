import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { comparePage, type OwnFiles } from '../../lib/cli/compare/html-page.ts';
import type { CompareRecord } from '../../lib/compare/run-model.ts';
import { type CompareSettings, defaultSettings } from '../../lib/compare/settings.ts';
import { openChromium, picture } from './chromium.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'millrace-page-'));
let browser: Browser;
let pages = 0;

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opening {
  readonly pair?: string;
  readonly settings?: Partial<CompareSettings>;
  readonly records?: readonly CompareRecord[];
  readonly own?: OwnFiles;
  readonly width?: number;
  readonly dark?: boolean;
}

/** Opens the page of a comparison from a file, and waits until it has run. */
async function open({
  pair = 'tumbling',
  settings = {},
  records,
  own,
  width,
  dark,
}: Opening = {}): Promise<WatchedPage> {
  const start = { pair, settings: { ...defaultSettings, ...settings }, ...(records === undefined ? {} : { records }) };
  const path = join(folder, `${(pages += 1)}.html`);
  writeFileSync(path, await comparePage(start, own));
  expect(statSync(path).size).toBeLessThan(1_000_000);
  const watched = await openPage(browser, {
    ...(width === undefined ? {} : { width }),
    ...(dark === undefined ? {} : { dark }),
  });
  await watched.page.goto(pathToFileURL(path).href);
  await ran(watched.page, 1);
  return watched;
}

/** Waits until the page has run its programs so many times. */
async function ran(page: Page, times: number): Promise<void> {
  await page.waitForFunction((wanted) => Number(document.body.dataset['runs'] ?? 0) >= wanted, times);
}

async function runs(page: Page): Promise<number> {
  return Number(await page.evaluate(() => document.body.dataset['runs']));
}

async function set(page: Page, id: string, value: string): Promise<void> {
  const before = await runs(page);
  await page.locator(`#${id}`).fill(value);
  await ran(page, before + 1);
}

const verdict = (page: Page): Promise<string> => page.locator('.verdict').innerText();

/** Nothing on the page is wider than the window. */
async function isWithin(page: Page): Promise<boolean> {
  return await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}

function at(seconds: number): number {
  return Date.UTC(2026, 0, 5, 12, 4) + seconds * 1000;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('the page of a comparison', () => {
  it('runs both engines without a complaint and without the network', async () => {
    const { page, problems } = await open();
    expect(await verdict(page)).toBe(
      '3 of 18 rows differ. 1 row same by chance: other records, the same value. Structured dropped 2 late rows.',
    );
    // The two results stand beside one another, with the same rows in both.
    expect(await page.locator('.result table').count()).toBe(2);
    for (const result of await page.locator('.result').all()) {
      expect(await result.locator('tbody tr').count()).toBe(18);
      expect(await result.locator('tr.differs').count()).toBe(3);
    }
    const [left, right] = await Promise.all([0, 1].map((i) => page.locator('.result').nth(i).boundingBox()));
    expect({ y: left?.y, isBeside: (left?.x ?? 0) + (left?.width ?? 0) <= (right?.x ?? 0) }).toEqual({
      y: right?.y,
      isBeside: true,
    });
    expect(await page.locator('.why.differs').count()).toBe(3);
    expect(await page.locator('.record').count()).toBe(60);
    expect(problems).toEqual([]);
    await picture(page, 'compare-tumbling');
    await page.close();
  });

  it('runs again when a slider moves', async () => {
    const { page, problems } = await open();
    await set(page, 'disorderMs', '0');
    await set(page, 'latePercent', '0');
    expect(await verdict(page)).toBe('The results are the same: 18 rows.');
    await set(page, 'skewMs', '9000');
    expect(await verdict(page)).toMatch(/^\d+ of \d+ rows differ/u);
    expect(problems).toEqual([]);
    await page.close();
  });

  it.each(['sliding', 'session', 'running-total', 'top-k', 'join', 'dedup'])('changes to %s', async (name) => {
    const { page, problems } = await open();
    await page.locator('#pair').selectOption(name);
    await ran(page, 2);
    expect(await page.locator('.problem').isHidden()).toBe(true);
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(2);
    expect(problems).toEqual([]);
    await picture(page, `compare-${name}`);
    await page.close();
  });

  it('says what an engine refuses, and goes on when that is mended', async () => {
    const { page } = await open();
    await set(page, 'windowMs', '7000');
    expect(await page.locator('.problem').innerText()).toContain('[STREAM_WINDOW_NOT_MULTIPLE]');
    await picture(page, 'compare-refused');
    await set(page, 'windowMs', '8000');
    expect(await page.locator('.problem').isHidden()).toBe(true);
    await page.close();
  });

  it('steps through the batches: values appear as the engines gave them', async () => {
    const { page } = await open();
    const counted = async (): Promise<number> =>
      (await page.locator('td.number').allInnerTexts()).filter((text) => text.startsWith('–')).length;
    await page.locator('#batch').fill('12');
    const early = await counted();
    await page.locator('#batch').fill('40');
    expect(await counted()).toBeLessThan(early);
    await page.getByRole('button', { name: 'One batch on' }).click();
    expect(await page.locator('#batch').inputValue()).toBe('41');
    expect(await page.locator('.record.later').count()).toBeGreaterThan(0);
    // What a batch changed is marked in the rows that it changed.
    while ((await page.locator('tr.changed').count()) === 0)
      await page.getByRole('button', { name: 'One batch back' }).click();
    expect(await page.locator('tr.changed .status').first().innerText()).toBe('changed');
    await picture(page, 'compare-stepping');
    await page.close();
  });

  it('says of a record that is pointed at what each engine did with it', async () => {
    const { page } = await open();
    await page.locator('.record:has(.mark.late)').first().hover();
    const text = await page.locator('.details').innerText();
    expect(text).toMatch(/too late for structured, which dropped it/u);
    expect(text).toMatch(/Structured dropped it in batch 12:0\d:\d\d: late by [\d.]+ s, watermark 12:/u);
    await picture(page, 'compare-late-record');
    await page.close();
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await open();
    await page.locator('#seed').focus();
    await page.keyboard.press('ArrowRight');
    await ran(page, 2);
    await page.locator('#restart').focus();
    await page.keyboard.press('Space');
    await ran(page, 3);
    expect(await page.locator('.figure .down').count()).toBe(1);
    // From the last control: the record that can be tabbed to, then its neighbours by arrows.
    await page.keyboard.press('Tab');
    const focused = (): Promise<string | null> =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
    const first = await focused();
    expect(first).toMatch(/^event 12:04:/u);
    await page.keyboard.press('ArrowRight');
    const second = await focused();
    expect(second).toMatch(/^event 12:04:/u);
    expect(second).not.toBe(first);
    expect(await page.locator('.details h3').count()).toBe(1);
    await page.keyboard.press('End');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('One batch back');
    await page.keyboard.press('Enter');
    expect(await page.locator('caption').first().innerText()).toBe('DStream, as it stands at this batch');
    await picture(page, 'compare-keyboard');
    await page.close();
  });

  it('names everything for screen readers', async () => {
    const { page } = await open();
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('input, select, button, [role=option], [role=listbox], [role=group]')]
        .filter((element) => {
          const labels = 'labels' in element ? (element as HTMLInputElement).labels : null;
          return (
            (labels?.length ?? 0) === 0 &&
            element.getAttribute('aria-label') === null &&
            (element.textContent ?? '').trim() === ''
          );
        })
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    expect(nameless).toEqual([]);
    await page.close();
  });

  it.each([
    ['narrow', { width: 360 }],
    ['narrow and dark', { width: 360, dark: true }],
    ['dark', { dark: true }],
    ['wide', { width: 1600 }],
  ])('fits a %s window', async (name, options) => {
    const { page } = await open({ settings: { restart: true, mode: 'append' }, ...options });
    expect(await isWithin(page)).toBe(true);
    await page.locator('.record:has(.mark.moved)').first().focus();
    await picture(page, `compare-${name.replaceAll(' ', '-')}`);
    await page.close();
  });

  it('prints without its controls', async () => {
    const { page } = await open();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('aside').isVisible()).toBe(false);
    await picture(page, 'compare-print');
    await page.close();
  });

  it('shows a hostile key as text', async () => {
    const hostile = '</script><script>document.title="taken"</script><img src=x onerror=alert(1)>';
    const records: CompareRecord[] = [
      { id: 0, key: hostile, value: 1, stream: 'left', eventMs: at(1), arrivalMs: at(21), partition: 0 },
      { id: 1, key: 'ann', value: 1, stream: 'left', eventMs: at(25), arrivalMs: at(25), partition: 0 },
    ];
    const { page, problems } = await open({ records });
    expect(await page.title()).toBe('The same records, two engines');
    expect(await page.locator('tbody th').allInnerTexts()).toContain(hostile);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(problems).toEqual([]);
    expect(await isWithin(page)).toBe(true);
    await picture(page, 'compare-hostile');
    await page.close();
  });

  it('shows markup in names of files, in programs and in labels as text', async () => {
    const markup = '</script><img src=x onerror=alert(1)>';
    const dstream = file(
      'marked.ts',
      `// ${markup}
       export default (events: { map(f: (e: { id: number }) => object): unknown }) =>
         events.map(({ id }) => ({ about: ${JSON.stringify(markup)} + id, value: 1, records: [id] }));`,
    );
    const structured = file(
      'marked-query.ts',
      `// ${markup}
       import { concat, lit, col } from 'millrace/functions';
       export default (events) => events.select(concat(lit(${JSON.stringify(markup)}), col('id')).alias('about'), lit(1).alias('value'));`,
    );
    const { page, problems } = await open({
      pair: 'own',
      own: { title: `${markup} and ${markup}`, dstream, structured },
      settings: { count: 10 },
    });
    expect(await page.locator('.summary').innerText()).toContain(markup);
    expect(await page.locator('pre').allInnerTexts()).toEqual([
      expect.stringContaining(markup) as unknown,
      expect.stringContaining(markup) as unknown,
    ]);
    expect(await page.locator('tbody th').first().innerText()).toBe(`${markup}0`);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(problems).toEqual([]);
    expect(await isWithin(page)).toBe(true);
    await picture(page, 'compare-markup');
    await page.close();
  });

  it('gives sessions the bounds that each engine found', async () => {
    const records = [3, 8, 30].map((event, id): CompareRecord => {
      const arrivalMs = at(event + (id === 1 ? 2 : 0));
      return { id, key: 'ann', value: 1, stream: 'left', eventMs: at(event), arrivalMs, partition: 0 };
    });
    const { page } = await open({
      pair: 'session',
      settings: { windowMs: 8000, watermarkMs: 5000, mode: 'append' },
      records,
    });
    const windows = async (engine: string): Promise<readonly string[]> =>
      await page.locator(`[aria-label="Result of ${engine}"] tbody td:first-child`).allInnerTexts();
    expect(await windows('DStream')).toEqual(['12:04:03-12:04:18', '12:04:30-12:04:38']);
    expect(await windows('Structured')).toEqual(['12:04:03-12:04:16', '12:04:30-12:04:38']);
    expect(await page.locator('#windowMs-hint').innerText()).toBe('between arrivals there, between events here');
    await page.close();
    // Bounds with fractions are the widest: each row stands beside its own all the same.
    const made = await open({ pair: 'session', settings: { windowMs: 6000, watermarkMs: 6000, mode: 'append' } });
    const tops = async (engine: string): Promise<readonly number[]> =>
      await made.page
        .locator(`[aria-label="Result of ${engine}"] tbody tr`)
        .evaluateAll((rows) => rows.map((row) => Math.round(row.getBoundingClientRect().top)));
    expect(await tops('DStream')).toEqual(await tops('Structured'));
    await made.page.close();
  });

  it('runs programs of the user in the page', async () => {
    const dstream = file(
      'counts.ts',
      `import { HashPartitioner, type DStream } from 'millrace';
       export default (events: DStream<{ id: number; key: string }>, { windowMs }: { windowMs: number }) =>
         events.map((e) => [e.key, { n: 1, ids: [e.id] }] as const)
           .reduceByKeyAndWindow((a, b) => ({ n: a.n + b.n, ids: [...a.ids, ...b.ids] }), windowMs, windowMs, new HashPartitioner(2) as never)
           .transform((rdd, time) => rdd.map(([key, { n, ids }]) => ({ window: { start: time - windowMs, end: time }, key, value: n, records: ids })));`,
    );
    const structured = file(
      'query.ts',
      `import { collectList, count, window } from 'millrace/functions';
       export default (events, { windowMs }) => events.withWatermark('time', '10 seconds')
         .groupBy(window('time', windowMs + ' milliseconds').alias('window'), 'key')
         .agg(count('*').alias('value'), collectList('id').alias('records'));`,
    );
    const { page, problems } = await open({
      pair: 'own',
      own: { title: 'counts.ts and query.ts', dstream, structured },
    });
    expect(
      await page
        .locator('.problem')
        .innerText()
        .catch(() => ''),
    ).toBe('');
    expect(await verdict(page)).toContain('3 of 18 rows differ.');
    expect(await page.locator('pre').first().innerText()).toContain('reduceByKeyAndWindow');
    expect(problems).toEqual([]);
    await page.close();
    const onNode = file('node.ts', `import { readFileSync } from 'node:fs'; export default () => readFileSync('a');`);
    await expect(open({ own: { title: '', dstream: onNode, structured } })).rejects.toMatchObject({
      code: 'COMPARE_PAGE',
    });
  });
});
