import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryUrl } from '../kernel/entry.ts';

/** `from 'x'`, `import 'x'`, `import('x')`, `require('x')`. Without a name: an import that is not written out. */
const imports =
  /\b(?:from|import)\s*(?<quote>['"])(?<name>[^'"\n]+)\k<quote>|\b(?:import|require)\s*\(\s*(?:(?<mark>['"])(?<called>[^'"\n]+)\k<mark>\s*\))?/gu;

/**
 * Whether a program needs Node's hooks: they take a thread of their own, which is waited for, and every import goes through it. Without them go
 * programs in JavaScript that import nothing but files in JavaScript, modules of Node, and `millrace` where that is this very package. What is not
 * certain needs them: an import that is not written out, and other packages, which may import `millrace` in turn.
 */
export function needsHooks(program: string): boolean {
  const seen = new Set<string>();
  const fileNeeds = (path: string): boolean => {
    if (!existsSync(path)) return true;
    const file = realpathSync(path);
    if (seen.has(file) || file.endsWith('.json') || file.startsWith(ours)) return false;
    seen.add(file);
    if (!/\.[cm]?js$/u.test(file)) return true;
    const found = readFileSync(file, 'utf8').matchAll(imports);
    return [...found].some(({ groups = {} }) => importNeeds(groups['name'] ?? groups['called'], file));
  };
  const importNeeds = (specifier: string | undefined, from: string): boolean => {
    if (specifier === undefined) return true;
    if (/^\.{1,2}\//u.test(specifier)) return fileNeeds(resolve(dirname(from), specifier));
    return !isBuiltin(specifier) && !isThisPackage(specifier, from);
  };
  return fileNeeds(program);
}

/** The build, by whichever way it is imported. In specs the sources run, and what is imported by name is the build. */
const ours = fileURLToPath(new URL('../dist/', entryUrl('', '')));

function isThisPackage(specifier: string, from: string): boolean {
  if (specifier !== 'millrace' && !specifier.startsWith('millrace/')) return false;
  try {
    return createRequire(from).resolve(specifier).startsWith(ours);
  } catch {
    return false;
  }
}
