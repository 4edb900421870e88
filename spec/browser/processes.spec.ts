import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openChromium } from './chromium.ts';
import { type Started, startMillrace } from './started.ts';

jest.setTimeout(240_000);

let browser: Browser;
let command: Started | undefined;
const folder = mkdtempSync(join(tmpdir(), 'millrace-processes-'));

beforeAll(async () => {
  browser = await openChromium();
});
afterEach(() => {
  command?.kill();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

it('millrace learn --ui: a lesson from its first line to a solution, the comparison with its pair, and a clean end', async () => {
  command = startMillrace(['learn', 'batch-intervals', '--ui', '0']);
  const [, url = ''] = await command.said(/Lessons: (\S+)/u);
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(url);
  await page.waitForSelector('article h2:text-is("Architecture: batch intervals")');
  await page.click('nav a[href="#sliding-windows"]');
  await page.waitForSelector('article h2:text-is("Sliding windows")');
  await page.check('input[name="prediction"] >> nth=0');
  await page.click('#run');
  await page.waitForSelector('#verdict.good, #verdict.bad');
  await page.click('#show-solution');
  await page.waitForSelector('#solution pre + pre');
  await page.click('#comparison');
  await page.waitForSelector('.verdict.is-different, .verdict.is-same');
  expect(new URL(page.url()).search).toBe('?pair=sliding');
  expect(await page.locator('#pair').inputValue()).toBe('sliding');
  expect(problems).toEqual([]);
  // A page that is still open does not keep it from ending.
  command.interrupt();
  expect(await command.ended).toBe(0);
  await page.close();
});

it('millrace run --step --ui: steps by the page, and ends cleanly by its button while the page is open', async () => {
  const program = join(folder, 'numbers.mjs');
  writeFileSync(
    program,
    `import { StreamingContext } from ${JSON.stringify(join(process.cwd(), 'dist', 'index.js'))};
     export default () => {
       const ssc = new StreamingContext({ appName: 'numbers', batchInterval: 1000 });
       ssc.queueStream([[1, 2], [3]].map((numbers) => ssc.sparkContext.parallelize(numbers))).map((n) => n * 2).foreachRDD(async (rdd) => { await rdd.count(); });
       return ssc;
     };`,
  );
  command = startMillrace(['run', program, '--step', '--ui', '0']);
  const [, url = ''] = await command.said(/opens (http:\S+#token=\S+)/u);
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.click('#step-next');
  await page.locator('#said').filter({ hasText: 'was run' }).waitFor();
  await page.locator('section').filter({ hasText: '2' }).first().waitFor();
  await page.click('#stop');
  expect(await command.ended).toBe(0);
  await page.close();
});
