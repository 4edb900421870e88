import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Monitor, type MonitorSetup, startMonitor } from '../../lib/monitor/server.ts';
import { gate } from '../helpers/gate.ts';
import { markup, type QueryProgram, queryProgram, type StreamProgram, streamProgram } from '../monitor/program.ts';
import { openChromium, picture } from './chromium.ts';
import { markedUp } from './marked-up.ts';

let browser: Browser;
let stream: StreamProgram;
let query: QueryProgram;
let pages: { readonly stream: Monitor; readonly query: Monitor };
let stopped = 0;

async function serve({ history, stateOf }: Pick<MonitorSetup, 'history' | 'stateOf'>): Promise<Monitor> {
  return await startMonitor({
    history,
    stateOf,
    address: '127.0.0.1',
    port: 0,
    assetsFolder: 'dist/monitor/assets',
    token: 'secret',
    actions: {
      stop: () => {
        stopped += 1;
        return Promise.resolve();
      },
    },
  });
}

interface Opened {
  readonly page: Page;
  /** Errors of scripts, and what the policy has kept from running. */
  readonly problems: string[];
}

async function open(url: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, ...options });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(url);
  await page.waitForSelector('.tabs a');
  return { page, problems };
}

interface HeldBack {
  /** One of the answers is there. */
  readonly reached: Promise<void>;
  /** Lets it through. */
  readonly release: () => void;
}

/** Holds back answers of the server as they are when they come, of the requests that `isHeld` picks; all others go through. */
async function holdBack(page: Page, pattern: string, isHeld: (url: string) => boolean): Promise<HeldBack> {
  const [reached, released] = [gate(), gate()];
  await page.route(pattern, async (route) => {
    if (!isHeld(route.request().url())) {
      await route.continue();
      return;
    }
    const response = await route.fetch();
    reached.open();
    await released.passed;
    await route.fulfill({ response });
  });
  return { reached: reached.passed, release: released.open };
}

const streamViews = ['overview', 'batches', 'operators', 'input', 'state'] as const;
const queryViews = [...streamViews, 'windows'] as const;

beforeAll(async () => {
  browser = await openChromium();
  query = await queryProgram({ everyMs: 0, samples: 0, lateRows: 200 });
  for (let i = 0; i < 20; i++) {
    await query.clock.advance(1000);
    await query.batch(...Array.from({ length: 5 + (i % 7) }, (_, k) => [`user-${k % 4}`, i * 2 - k] as const));
  }
  await query.batch(['late', 0], [markup, 41]);
  stream = await streamProgram(undefined, markup, markup);
  for (let i = 0; i < 40; i++)
    await stream.batch(...Array.from({ length: 3 + (i % 9) }, (_, k) => `word-${k}`), markup);
  pages = { stream: await serve(stream.watched), query: await serve(query.watched) };
}, 60_000);

afterAll(async () => {
  await browser.close();
  await pages.stream.close();
  await pages.query.close();
  await stream.close();
  await query.close();
});

describe('every page', () => {
  it.each(['light', 'dark'] as const)(
    'shows the figures of a context, %s',
    async (colorScheme) => {
      const { page, problems } = await open(pages.stream.url, { colorScheme });
      for (const view of streamViews) {
        await page.click(`.tabs a[href$="/${view}"]`);
        await page.waitForSelector('.view > *');
        await page.waitForTimeout(200);
        await picture(page, `stream-${view}-${colorScheme}`);
      }
      expect(problems).toEqual([]);
      await page.close();
    },
    60_000,
  );

  it.each(['light', 'dark'] as const)(
    'shows the figures of a query, %s',
    async (colorScheme) => {
      const { page, problems } = await open(pages.query.url, { colorScheme });
      for (const view of queryViews) {
        await page.click(`.tabs a[href$="/${view}"]`);
        await page.waitForSelector('.view > *');
        await page.waitForTimeout(200);
        await picture(page, `query-${view}-${colorScheme}`);
      }
      expect(await page.textContent('main')).toContain('an event of');
      expect(problems).toEqual([]);
      await page.close();
    },
    60_000,
  );

  it('fits a narrow screen: nothing but tables and drawings scrolls sideways', async () => {
    for (const [name, { url }] of Object.entries(pages)) {
      const { page } = await open(url, { viewport: { width: 360, height: 740 } });
      for (const view of name === 'stream' ? streamViews : queryViews) {
        await page.click(`.tabs a[href$="/${view}"]`);
        await page.waitForTimeout(200);
        const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        expect({ name, view, wide }).toEqual({ name, view, wide: 0 });
        // What does not fit scrolls: it is not squeezed into columns of single words.
        const heights = await page
          .locator('tr:not(:has(code)) td')
          .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().height));
        expect({ name, view, highest: Math.max(0, ...heights.filter((height) => height > 100)) }).toEqual({
          name,
          view,
          highest: 0,
        });
        await picture(page, `${name}-${view}-narrow`);
      }
      await page.close();
    }
  }, 60_000);
});

describe('the page', () => {
  it('follows the program without being loaded again', async () => {
    const { page } = await open(pages.stream.url);
    const batches = async (): Promise<number> =>
      Number((await page.textContent('.tile:nth-child(5) .value'))?.replaceAll(',', ''));
    const before = await batches();
    await stream.batch('more');
    const changed = await page.waitForSelector(`.tile:nth-child(5) .value:text-is("${before + 1}")`);
    expect(await changed.isVisible()).toBe(true);
    await page.close();
  }, 30_000);

  it.each([
    ['a context', '#/s0', ['batches', 'operators', 'input', 'state']],
    ['a query', '#/qq', ['batches', 'operators', 'input', 'state', 'windows']],
  ] as const)(
    'shows markup in whatever is told of %s as the text that it is',
    async (name, subject, views) => {
      const monitor = await serve(markedUp());
      const { page, problems } = await open(`${monitor.url}${subject}/overview`);
      const texts = async (selector: string): Promise<readonly string[]> =>
        await page.locator(selector).allTextContents();
      const drawn: Record<string, readonly string[]> = {};
      for (const view of ['overview', ...views]) {
        await page.click(`.tabs a[href$="/${view}"]`);
        await page.locator(`.tabs a[aria-current][href$="/${view}"]`).waitFor();
        if (view === 'batches') await page.click('td button.link >> nth=0');
        if (view === 'state') await page.locator('[aria-label="Entries of the table"]').waitFor();
        await page.locator('main').filter({ hasText: markup }).waitFor();
        drawn[view] = await texts('main td, main th, main option');
        const isOver = await page
          .locator('.box')
          .evaluateAll((boxes) =>
            boxes.map(
              (box) =>
                Number(box.querySelector('.name')?.getBoundingClientRect().right) >
                Number(box.querySelector('rect')?.getBoundingClientRect().right),
            ),
          );
        expect(isOver).not.toContain(true);
        // What the page was given as text has made no element, wherever it is drawn.
        expect(await page.locator('body script').count()).toBe(0);
        expect(await page.title()).toBe(`${markup} – Millrace`);
        await picture(page, `markup-${name === 'a query' ? 'query' : 'stream'}-${view}`);
      }
      expect(drawn['input']?.slice(5, 9)).toEqual([name === 'a query' ? `${markup}-0` : markup, '3', '7', '4']);
      expect(drawn['state']).toEqual([
        expect.stringMatching(/^newest/u) as unknown,
        expect.stringMatching(/^1, batch/u) as unknown,
        `${markup} · ${markup} (1)`,
        `Key (${markup})`,
        `Value (${markup})`,
        JSON.stringify(markup),
        JSON.stringify({ [markup]: markup }),
      ]);
      expect(problems).toEqual([]);
      await page.close();
      await monitor.close();
    },
    60_000,
  );

  it('loads windows once more when a batch ends while they are being loaded', async () => {
    const { page } = await open(pages.query.url);
    let asked = 0;
    // The first answer is that of before the batch, and comes after it.
    const held = await holdBack(page, '**/windows', () => (asked += 1) === 1);
    await page.click('.tabs a[href$="/windows"]');
    await held.reached;
    // The watermark that the first has moved is in force in the second.
    await query.batch(['newest', 200]);
    await query.batch(['newest', 201]);
    await page.locator('main').filter({ hasText: '16:36' }).waitFor();
    held.release();
    await page.locator('td').filter({ hasText: '16:40' }).first().waitFor();
    expect(asked).toBeGreaterThan(1);
    await page.close();
  }, 60_000);

  it('shows markup in names and keys as the text that it is', async () => {
    const { page, problems } = await open(pages.stream.url);
    await page.click('.tabs a[href$="/state"]');
    await page.waitForSelector('td code');
    expect(await page.textContent('main')).toContain(JSON.stringify(markup));
    expect(await page.textContent('nav')).toContain(markup);
    expect(await page.title()).toBe('words.ts – Millrace');
    expect(await page.evaluate("document.querySelectorAll('body script').length")).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  }, 30_000);

  it('can be used by the keyboard alone', async () => {
    const { page } = await open(pages.stream.url);
    const focused = async (): Promise<unknown> => await page.evaluate('document.activeElement.textContent');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the figures');
    const seen: unknown[] = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      seen.push(await focused());
    }
    expect(seen.slice(0, 6)).toEqual(['Hold still', 'Overview', 'Batches', 'Operators', 'Input', 'State']);
    await page.keyboard.press('Shift+Tab');
    while ((await focused()) !== 'Batches') await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('td button.link');
    // The focus stays where it is while figures change.
    await stream.batch('x');
    await page.waitForTimeout(600);
    expect(await focused()).toBe('Batches');
    await page.focus('td button.link');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.detail');
    expect(await page.getAttribute('td button.link', 'aria-expanded')).toBe('true');
    await picture(page, 'stream-batch-detail');
    await page.close();
  }, 30_000);

  it('acts only when it was opened with the token, and takes that out of the address', async () => {
    const reader = await open(pages.stream.url);
    expect(await reader.page.$('#stop')).toBeNull();
    await reader.page.close();
    const { page } = await open(`${pages.stream.url}#token=secret`);
    expect(page.url()).not.toContain('secret');
    await page.click('#stop');
    await page.waitForSelector('.notice');
    expect(stopped).toBe(1);
    await page.close();
  }, 30_000);

  it('runs nothing that is not its own', async () => {
    const { page } = await open(pages.stream.url);
    const ran = await page.evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'window.taken = true';
      document.body.append(script);
      return window.taken === true;
    })()`);
    expect(ran).toBe(false);
    await page.close();
  }, 30_000);

  it('shows late rows one by one, as text', async () => {
    const { page, problems } = await open(pages.query.url);
    await page.click('.tabs a[href$="/windows"]');
    const row = page.locator('[aria-label^="The last 200 late rows"] tbody tr').filter({ hasText: '{"k":"late"}' });
    await row.waitFor();
    expect(await row.textContent()).toContain('aggregate');
    await picture(page, 'query-late-rows');
    expect(problems).toEqual([]);
    await page.close();
  }, 30_000);

  it('counts the time that the program is up between its batches, too', async () => {
    const { page } = await open(pages.stream.url);
    const before = await page.textContent('#up');
    await page.waitForFunction((text) => document.getElementById('up')?.textContent !== text, before);
    expect(await page.textContent('#up')).toMatch(/^up \d/u);
    expect(await page.textContent('#zone')).toMatch(/^times in [A-Za-z]/u);
    await page.close();
  }, 30_000);

  it('shows the state that was chosen last, whatever answer comes last', async () => {
    const { page } = await open(pages.stream.url);
    await page.click('.tabs a[href$="/state"]');
    await page.waitForSelector('td code');
    const held = await holdBack(page, '**/versions/*/entries*', (url) => url.includes('find=word-0'));
    const find = async (text: string): Promise<void> => {
      await page.fill('#find', text);
      await page.press('#find', 'Enter');
    };
    await find('word-0');
    await held.reached;
    await find('word-1');
    await page.locator('td code').first().filter({ hasText: 'word-1' }).waitFor();
    const overtaken = page.waitForResponse((response) => response.url().includes('find=word-0'));
    held.release();
    await overtaken;
    // What is asked for behind it is answered behind it.
    await page.evaluate(async () => await fetch('/api/v1/program').then(async (answer) => await answer.text()));
    expect(await page.locator('td code').first().textContent()).toBe('"word-1"');
    await page.close();
  }, 30_000);

  it('says that the program has ended', async () => {
    const own = await serve(query.watched);
    const { page } = await open(own.url);
    await own.close();
    const told = await page.waitForSelector('header .badge:text-is("the program has ended")');
    expect(await told.isVisible()).toBe(true);
    await picture(page, 'query-ended');
    await page.close();
  }, 30_000);
});
