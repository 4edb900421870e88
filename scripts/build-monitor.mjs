// Bundles the live page of lib/monitor/client and the lessons of lib/learn/page into dist/monitor/assets: scripts and sheets, nothing that is fetched from elsewhere.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildSync } from 'esbuild';

const from = new URL('../lib/monitor/client/', import.meta.url);
const into = new URL('../dist/monitor/assets/', import.meta.url);
mkdirSync(into, { recursive: true });
const lessons = new URL('../lib/learn/page/', import.meta.url);
buildSync({
  entryPoints: [new URL('live.ts', from).pathname, new URL('learn.ts', lessons).pathname],
  outdir: into.pathname,
  entryNames: '[name]',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  logLevel: 'warning',
});
const charts = readFileSync(createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css'), 'utf8');
const sheets = ['table.css', 'live.css'].map((name) => readFileSync(new URL(name, from), 'utf8'));
writeFileSync(new URL('live.css', into), charts + sheets.join(''));
copyFileSync(new URL('learn.css', lessons), new URL('learn.css', into));
copyFileSync(new URL('icon.svg', from), new URL('icon.svg', into));
