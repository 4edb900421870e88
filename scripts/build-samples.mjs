// Compiles samples/streaming/*.ts and samples/structured/*.ts into dist/samples, so that `millrace samples run` needs no transform. The types are checked by
// `npm run types`.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const into = new URL('../dist/samples/', import.meta.url);
mkdirSync(into, { recursive: true });
for (const folder of ['streaming', 'structured']) {
  const from = new URL(`../samples/${folder}/`, import.meta.url);
  for (const name of readdirSync(from)) {
    const { code } = transformSync(readFileSync(new URL(name, from), 'utf8'), {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
    });
    writeFileSync(new URL(name.replace(/\.ts$/u, '.js'), into), code);
  }
}
