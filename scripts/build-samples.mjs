// Compiles the programs of samples/ into dist/samples and dist/lessons, so that `millrace samples run` and `millrace learn` need no transform.
// The types are checked by `npm run types`.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

for (const [folder, target] of [
  ['streaming', 'samples'],
  ['structured', 'samples'],
  ['lessons', 'lessons'],
]) {
  const from = new URL(`../samples/${folder}/`, import.meta.url);
  const into = new URL(`../dist/${target}/`, import.meta.url);
  mkdirSync(into, { recursive: true });
  for (const name of readdirSync(from)) {
    const { code } = transformSync(readFileSync(new URL(name, from), 'utf8'), {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
    });
    writeFileSync(new URL(name.replace(/\.ts$/u, '.js'), into), code);
  }
}
