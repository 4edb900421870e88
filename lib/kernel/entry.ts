/** Whether this is the build. The sources run as they are in specs, where no thread can load them. */
export const isBuilt: boolean = import.meta.url.endsWith('.js');

/**
 * The URL of a file that is loaded by its name: a thread's, for example, by its path in `lib` without the ending. The build bundles: no module
 * knows from where it stands itself where another one is, but for this one (`scripts/build-modules.mjs`).
 *
 * @example
 * entryUrl('thread').pathname.endsWith('/thread.ts')   // => true
 */
export function entryUrl(path: string): URL {
  return new URL(`../${path}${isBuilt ? '.js' : '.ts'}`, import.meta.url);
}
