import { expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stepActions } from '../../lib/cli/step/step-actions.ts';
import { StepDesk } from '../../lib/cli/step/step-desk.ts';
import { Stepper } from '../../lib/cli/step/stepper.ts';
import { StreamingContext } from '../../lib/index.ts';
import { startMonitor } from '../../lib/monitor/server.ts';
import { SourceInput } from '../../lib/streaming/inputs/source-input.ts';
import { FakeSource } from '../helpers/fake-source.ts';
import { markup } from '../monitor/program.ts';
import { openChromium, picture } from './chromium.ts';

/** A program whose batches run on demand; its words have markup among them. */
async function steppedProgram(): Promise<{ readonly desk: StepDesk; readonly close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-step-browser-'));
  const source = new FakeSource({ 'words-0': [markup, 'b', 'a', 'c'] });
  const setup = (): StreamingContext => {
    const ssc = new StreamingContext({ appName: 'stepped', batchInterval: 1000 });
    ssc
      .inputStream('fake', (step, slideMs) => new SourceInput(step, slideMs, source, { maxRatePerPartition: 2 }))
      .map((word) => [word, 1] as const)
      .foreachRDD(async (rdd) => {
        await rdd.count();
      });
    return ssc;
  };
  const env = { brokers: [], batchInterval: 1000, args: [], checkpointDir: folder };
  const stepper = new Stepper({ path: 'program.ts', setup, env, startMs: 1_700_000_000_000, samples: 3 });
  await stepper.start();
  return {
    desk: new StepDesk(stepper, () => undefined),
    close: async () => {
      await stepper.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

it('steps through a program: next, to, back, with what went in and came out', async () => {
  const { desk, close } = await steppedProgram();
  const monitor = await startMonitor({
    history: desk.stepper.watched.history,
    stateOf: desk.stepper.watched.stateOf,
    address: '127.0.0.1',
    port: 0,
    assetsFolder: 'dist/monitor/assets',
    token: 'secret',
    actions: stepActions(desk),
    valueText: (value) => JSON.stringify(value),
  });
  const browser = await openChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${monitor.url}#token=secret`);
  const said = async (text: string): Promise<void> => {
    await page.locator('#said').filter({ hasText: text }).waitFor();
  };
  await page.click('#step-next');
  await said('was run');
  const map = page.locator('section[aria-label="fake/map"]');
  await map.waitFor();
  expect(await map.textContent()).toContain(JSON.stringify([markup, 1]));
  await page.fill('#step-to', '+1');
  await page.click('#step-run');
  await page.locator('#step-batch option').nth(1).waitFor({ state: 'attached' });
  await picture(page, 'step');
  await page.click('#step-back');
  await said('The state is that of version 1');
  await page.locator('#step-batch option').nth(1).waitFor({ state: 'detached' });
  expect(desk.stepper.version).toBe(1);
  // What stands in the choice is what is shown, whatever was chosen by hand before.
  await page.click('#step-next');
  await said('was run');
  const choose = async (index: number): Promise<void> => {
    await page.selectOption('#step-batch', { index });
  };
  for (const index of [1, 0, 1]) await choose(index);
  await page.click('#step-next');
  await page.locator('#step-batch option').nth(2).waitFor({ state: 'attached' });
  await page
    .locator('caption')
    .filter({ hasText: `batch ${await page.inputValue('#step-batch')}` })
    .first()
    .waitFor({ state: 'attached' });
  expect(await page.locator('#step-batch').evaluate((select) => (select as HTMLSelectElement).selectedIndex)).toBe(0);
  expect(problems).toEqual([]);
  await browser.close();
  await monitor.close();
  await close();
}, 60_000);
