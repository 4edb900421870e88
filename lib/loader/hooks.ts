import { readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Runs in Node's hooks thread: see `register.ts`. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  if (specifier === 'millrace' || specifier.startsWith('millrace/')) {
    return await nextResolve(specifier, { ...context, parentURL: import.meta.url });
  }
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    for (const candidate of sourceNames(specifier, context.parentURL)) {
      try {
        return await nextResolve(candidate, context);
      } catch {
        // The first error names what the user wrote.
      }
    }
    throw error;
  }
};

/** Hands TypeScript to Node as JavaScript, with the source map that keeps stack traces on the source's lines. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const [, kind] = /^file:.*\.(ts|mts|cts)$/u.exec(url) ?? [];
  if (kind === undefined) return await nextLoad(url, context);
  const path = fileURLToPath(url);
  const isCommonJs = kind === 'cts';
  // Loaded here: programs in JavaScript need none of it.
  const { transform } = await import('esbuild');
  const { code } = await transform(await readFile(path, 'utf8'), {
    loader: 'ts',
    format: isCommonJs ? 'cjs' : 'esm',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile: path,
    logLevel: 'silent',
  });
  return { format: isCommonJs ? 'commonjs' : 'module', shortCircuit: true, source: code };
};

/** TypeScript's habits: `./lines.js` that is `lines.ts`, and names without an ending. */
function sourceNames(specifier: string, parent: string | undefined): string[] {
  if (!/^\.{1,2}\//u.test(specifier) || parent === undefined || !/\.[mc]?ts$/u.test(parent)) return [];
  const [, stem, m] = /^(.*)\.([mc]?)js$/u.exec(specifier) ?? [];
  if (stem !== undefined) return [`${stem}.${m ?? ''}ts`];
  return [`${specifier}.ts`, `${specifier}/index.ts`];
}
