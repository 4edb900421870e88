import Module, { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { entryUrl } from '../kernel/entry.ts';
import { needsHooks } from './needs-hooks.ts';

let hasHooks = false;

/**
 * Lets this process import a user's program as it is: TypeScript without a build, and `millrace` from any folder, as the very
 * package that runs them (one copy of every class, so what a program builds is what the command knows). May be called again.
 */
export function enablePrograms(program: string): void {
  process.setSourceMapsEnabled(true);
  // Asked first: it resolves as Node does by itself.
  if (hasHooks || !needsHooks(program)) return;
  hasHooks = true;
  register(entryUrl('loader/hooks'));
  resolveForRequire();
}

/** Programs in CommonJS: Node's hooks do not reach `require`. */
function resolveForRequire(): void {
  const name = '_resolveFilename';
  const loader = Module as unknown as { [name](request: string, ...rest: unknown[]): string };
  const original = loader[name];
  loader[name] = function resolveFilename(request, ...rest) {
    if (request === 'millrace' || request.startsWith('millrace/')) return fileURLToPath(import.meta.resolve(request));
    return Reflect.apply(original, this, [request, ...rest]);
  };
}
