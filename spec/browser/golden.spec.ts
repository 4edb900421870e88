import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { openChromium } from './chromium.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

jest.setTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), 'millrace-golden-page-'));
let browser: Browser;
let watched: WatchedPage;

/** A file of lib, as an import names it. */
function lib(name: string): string {
  return JSON.stringify(resolve('lib', name));
}

/** The engines and the runner of golden data as a script of a page: anything of Node in them would fail to be bundled. */
async function engines(): Promise<string> {
  const contents = `
    import { registerCheckpointFactory } from ${lib('batch/checkpoint.ts')};
    import { browserHost } from ${lib('compare/page/browser-host.ts')};
    import { installTurns } from ${lib('compare/page/turns.ts')};
    import { installHost } from ${lib('io/host.ts')};
    import { MemoryCheckpoints } from ${lib('testing/memory-checkpoints.ts')};
    import { parseGolden } from ${lib('testing/golden/parse-golden.ts')};
    import { runGoldenFile } from ${lib('testing/golden/run-golden.ts')};
    installTurns();
    installHost(browserHost(() => undefined));
    registerCheckpointFactory(new MemoryCheckpoints().open);
    let directories = 0;
    const checkpoints = { config: {}, directory: () => 'memory-' + (directories += 1), makeDirectory: () => undefined };
    globalThis.runGolden = async (name, text) => {
      const results = [];
      for await (const { kind, name: title, reason } of runGoldenFile(name, parseGolden(text), checkpoints, '')) results.push({ kind, title, reason });
      return results;
    };`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}

interface GoldenResult {
  readonly kind: string;
  readonly title: string;
  readonly reason?: string;
}

type RunGolden = (name: string, text: string) => Promise<readonly GoldenResult[]>;

beforeAll(async () => {
  browser = await openChromium();
  const path = join(folder, 'golden.html');
  const script = (await engines()).replaceAll('</script', String.raw`<\/script`);
  writeFileSync(path, `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script>${script}</script>`);
  watched = await openPage(browser);
  await watched.page.goto(pathToFileURL(path).href);
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the engines in a browser give what Spark gave', () => {
  it.each([
    'dstream/map',
    'dstream/reduceByKeyAndWindow',
    'dstream/reduceByKeyAndWindowInverse',
    'dstream/updateStateByKey',
    'dstream/mapWithState',
    'dstream/fullOuterJoin',
    'dstream/recovery',
    'structured/aggregation',
    'structured/dedup',
    // Not the mathematical functions: logarithms differ in the last digit from one version of V8 to another.
    'structured/casts',
    'structured/from_json',
    'structured/group_state',
    'structured/join_stream_stream',
  ])('for %s', async (name) => {
    const text = readFileSync(`spec/golden/${name}.json`, 'utf8');
    const results = await watched.page.evaluate(
      async ([file, content]) => await (globalThis as unknown as { runGolden: RunGolden }).runGolden(file, content),
      [`${name}.json`, text] as const,
    );
    expect(results.filter(({ kind }) => kind === 'failed')).toEqual([]);
    expect(results.filter(({ kind }) => kind === 'passed').length).toBeGreaterThan(0);
    expect(watched.problems).toEqual([]);
  });
});
