/** Whether this is the build. The sources run as they are in specs, where no thread can load them. */
export const isBuilt: boolean = import.meta.url.endsWith('.js');

/** The folder of the build, or of the sources. No folder in either has one of these names. */
const [root = ''] = /^.*\/(?:dist|lib)\//u.exec(import.meta.url) ?? [];

/**
 * The URL of a file that is loaded by its name, a thread's for example, by its path in `lib` without the ending. The build bundles, so no module
 * knows from where it stands itself where another one is.
 *
 * @example
 * entryUrl('thread').pathname.endsWith('/lib/thread.ts')   // => true
 */
export function entryUrl(path: string, ending: string = isBuilt ? '.js' : '.ts'): URL {
  return new URL(path + ending, root);
}
