// Draws the picture that the README opens with: the page of `millrace compare tumbling --html`, from a run of both engines in Chromium.
//   npm run build && node scripts/readme-picture.mjs
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const target = new URL('../docs/pictures/compare.png', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'millrace-picture-'));
const file = join(folder, 'compare.html');
const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const words = ['compare', 'tumbling', '--records', '40', '--late', '10%', '--html', file, '--quiet'];
const { status } = spawnSync(process.execPath, [command, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
if (status !== 0) process.exit(status ?? 1);
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction(() => Number(document.body.dataset['runs'] ?? 0) > 0);
  // What is said of a record that came too late is part of the picture.
  await page.locator('.record').last().hover({ force: true });
  mkdirSync(new URL('.', target), { recursive: true });
  await page
    .locator('svg.figure')
    .locator('..')
    .screenshot({ path: fileURLToPath(target) });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
