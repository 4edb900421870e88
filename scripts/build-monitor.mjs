// Bundles the live page of lib/monitor/client into dist/monitor/assets: one script, one sheet, uPlot in both, nothing that is fetched from elsewhere.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildSync } from 'esbuild';

const from = new URL('../lib/monitor/client/', import.meta.url);
const into = new URL('../dist/monitor/assets/', import.meta.url);
mkdirSync(into, { recursive: true });
buildSync({
  entryPoints: [new URL('live.ts', from).pathname],
  outfile: new URL('live.js', into).pathname,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  logLevel: 'warning',
});
const charts = readFileSync(createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css'), 'utf8');
writeFileSync(new URL('live.css', into), charts + readFileSync(new URL('live.css', from), 'utf8'));
copyFileSync(new URL('icon.svg', from), new URL('icon.svg', into));
