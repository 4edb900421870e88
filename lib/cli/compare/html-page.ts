import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { ProgramTexts, Start } from '../../compare/page-start.ts';
import type { Pair } from '../../compare/pair.ts';
import { pairs } from '../../compare/pairs/index.ts';
import { failure, messageOf, raise } from '../../kernel/errors.ts';
import { packageFolder } from '../package.ts';

/** Programs of the user to be bundled with a page, by their paths. */
export interface OwnFiles {
  readonly title: string;
  readonly dstream: string;
  readonly structured: string;
}

/** Nothing is loaded and nothing is sent, whatever a program of the user does. All that runs is in the file itself. */
export const comparePolicy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:";

/** The sheets of the page, in their order. */
const styles: readonly string[] = ['monitor/client/table.css', 'compare/page/style.css'];

/** Everything that the page runs is bundled from the sources in the package. */
const root = pathToFileURL(join(packageFolder, 'lib', sep));

/**
 * A comparison as one HTML file that needs nothing else: both engines run in it, and every setting can be changed there.
 *
 * With `own` the two files and what they import go into it; a program that needs Node cannot run in a page, and is refused here.
 */
export async function comparePage(start: Omit<Start, 'programs'>, own?: OwnFiles): Promise<string> {
  const [script, ...sheets] = await Promise.all([bundle(own), ...styles.map(async (path) => await readSheet(path))]);
  const programs = own === undefined ? await builtInPrograms() : { own: await ownPrograms(own) };
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${comparePolicy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>The same records, two engines</title>',
    '<link rel="icon" href="data:,">',
    `<style>${sheets.join('')}</style>`,
    '</head>',
    '<body>',
    '<main></main>',
    '<noscript>This page runs both engines in the browser: it needs JavaScript.</noscript>',
    `<script type="application/json" id="start">${inert(JSON.stringify({ ...start, programs }))}</script>`,
    `<script type="text/plain" id="program">${packed(script)}</script>`,
    `<script>${unpack}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

async function readSheet(path: string): Promise<string> {
  return await readFile(new URL(path, root), 'utf8');
}

/** Both engines are a megabyte of text, and a third of that packed. */
function packed(script: string): string {
  return gzipSync(script, { level: 9 }).toString('base64');
}

/** Runs what `packed` made, in the page. */
const unpack = `(async () => {
  const packed = atob(document.getElementById('program').textContent);
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const script = document.createElement('script');
  script.textContent = await new Response(stream).text();
  document.body.append(script);
})();`;

/** JSON in which nothing looks like markup. */
function inert(json: string): string {
  return json.replaceAll('<', String.raw`\u003c`);
}

async function bundle(own: OwnFiles | undefined): Promise<string> {
  const main = fileURLToPath(new URL('compare/page/main.ts', root));
  const page = `import { startPage } from ${JSON.stringify(main)};`;
  const entry =
    own === undefined
      ? `${page} startPage();`
      : `${page} import dstream from ${JSON.stringify(own.dstream)}; import structured from ${JSON.stringify(own.structured)};
         startPage({ title: ${JSON.stringify(own.title)}, dstream, structured });`;
  const { build } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      stdin: { contents: entry, resolveDir: fileURLToPath(root), loader: 'ts' },
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      logLevel: 'silent',
      // What a program of the user imports of the package is what runs in a page.
      alias: {
        millrace: fileURLToPath(new URL('compare/page/millrace.ts', root)),
        'millrace/functions': fileURLToPath(new URL('functions.ts', root)),
      },
    });
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    const [, problem = messageOf(error)] = /ERROR: (.+)/u.exec(messageOf(error)) ?? [];
    throw failure('COMPARE_PAGE', { problem }, { cause: error });
  }
}

async function builtInPrograms(): Promise<Start['programs']> {
  return Object.fromEntries(await Promise.all(pairs.map(async (pair) => [pair.name, await programsOf(pair)] as const)));
}

/** Both programs of a pair as they stand in its source: what runs was bundled, and has no lines of its own any more. */
async function programsOf({ name }: Pair): Promise<ProgramTexts> {
  const source = await readFile(new URL(`compare/pairs/${name}.ts`, root), 'utf8');
  const textOf = (from: string, until: string): string => {
    const [, text] = new RegExp(`^  ${from}: (.*?),\n  (?:${until})\\b`, 'msu').exec(source) ?? [];
    return (text ?? raise('INTERNAL_INVARIANT', { what: `no ${from} in the pair ${name}` })).replaceAll('\n  ', '\n');
  };
  return { dstream: textOf('dstream', 'dstreamRow'), structured: textOf('structured', 'eachBatch|structuredRow') };
}

async function ownPrograms({ dstream, structured }: OwnFiles): Promise<Start['programs'][string]> {
  return { dstream: await readFile(dstream, 'utf8'), structured: await readFile(structured, 'utf8') };
}
