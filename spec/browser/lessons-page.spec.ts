import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { LocalServer } from '../../lib/monitor/local-server.ts';
import { openChromium, picture } from './chromium.ts';

let browser: Browser;
let server: LocalServer;

beforeAll(async () => {
  const built = join(process.cwd(), 'dist');
  await import(join(built, 'index.js'));
  const { startLessonServer } = (await import(join(built, 'internals.js'))) as typeof import('../../lib/internals.ts');
  server = await startLessonServer({ address: '127.0.0.1', port: 0, assetsFolder: join(built, 'monitor', 'assets') });
  browser = await openChromium();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await server.close();
});

async function open(
  hash: string,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<{ readonly page: Page; readonly problems: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, ...options });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${server.url}${hash}`);
  await page.waitForSelector('#run');
  return { page, problems };
}

async function focused(page: Page): Promise<unknown> {
  return await page.evaluate('document.activeElement.textContent');
}

describe('the page of lessons', () => {
  it('can be used by the keyboard alone: choose, predict, run, see the verdict and a solution', async () => {
    const { page, problems } = await open('');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the lesson');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('The same records through both engines');
    for (let i = 0; i < 30 && (await focused(page)) !== 'The watermark'; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('article h2:text-is("The watermark")');
    expect(await page.getAttribute('nav a[aria-current]', 'href')).toBe('#watermarks');
    expect(await focused(page)).toBe('The watermark');
    // The program, then the choices.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Run the program');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#verdict.good');
    expect(await page.textContent('#verdict')).toContain('Your prediction was right: 2, No');
    expect(await page.textContent('[aria-label="What the program printed"]')).toContain('batch 5: nothing');
    for (let i = 0; i < 5 && (await focused(page)) !== 'Show a solution'; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#solution pre + pre');
    expect(await page.textContent('#solution')).toContain('12:00:00-12:00:10 2');
    expect(problems).toEqual([]);
    await page.close();
  }, 60_000);

  it('says when a prediction was wrong, and runs without one too', async () => {
    const { page } = await open('#watermarks');
    await page.click('#run');
    await page.waitForSelector('#verdict:has-text("The answer is 2")');
    await page.check('input[value="0"]');
    await page.click('#run');
    await page.waitForSelector('#verdict.bad');
    expect(await page.textContent('#verdict')).toContain('You predicted 1; the run shows 2');
    await page.close();
  }, 60_000);

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)(
    'fits, %s and %i pixels wide',
    async (colorScheme, width) => {
      const { page, problems } = await open('#pitfall-missing-watermark', {
        colorScheme,
        viewport: { width, height: 860 },
      });
      await page.click('#run');
      await page.waitForSelector('#show-solution');
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect({ wide, problems }).toEqual({ wide: 0, problems: [] });
      await picture(page, `lesson-${colorScheme}-${width}`);
      await page.close();
    },
    60_000,
  );

  it('leads to the comparison, which runs both engines in the page', async () => {
    const { page, problems } = await open('');
    await page.click('.compare');
    await page.waitForSelector('.verdict.is-different');
    expect(problems).toEqual([]);
    await page.close();
  }, 60_000);

  it('names what is wrong with an address', async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}#nope`);
    await page.waitForSelector('.problem');
    expect(await page.textContent('.problem')).toContain('[LEARN_UNKNOWN_LESSON] There is no lesson nope.');
    await page.close();
  }, 60_000);

  it.each([
    ['markup', encodeURIComponent('<img src=x onerror=alert(1)>'), 'There is no lesson <img src=x onerror=alert(1)>.'],
    ['no valid address', '%', 'There is no lesson %.'],
  ])(
    'shows a name that is %s as the text that it is',
    async (_, hash, text) => {
      const { page, problems } = await open('');
      await page.evaluate((name) => {
        location.hash = name;
      }, hash);
      await page.locator('.problem').filter({ hasText: text }).waitFor();
      expect(await page.locator('main img').count()).toBe(0);
      // A lesson that is not there is answered with 404, which the browser notes.
      expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
      await page.close();
    },
    60_000,
  );
});
