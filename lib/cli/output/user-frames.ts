import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../package.ts';

/**
 * The lines of a stack that lie in the user's own code: not ours, not Node's, not a package's.
 *
 * @example
 * userFrames(error.stack ?? '')   // => ['at split (/home/me/app.ts:7:21)']
 */
export function userFrames(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /u.test(line))
    .map((line) => line.trim())
    .filter((line) => isUserPlace(line));
}

/** Whether a place, `file:line:column` or a frame that holds one, lies in the user's code. */
function isUserPlace(place: string): boolean {
  const path = placePath(place);
  if (path === undefined || /[\\/]node_modules[\\/]/u.test(path)) return false;
  if (path.startsWith(join(packageFolder, 'dist', 'samples', sep))) return true;
  return !['dist', 'lib'].some((ours) => path.startsWith(join(packageFolder, ours)));
}

/** The `file:line:column` of a stack frame. */
export function placeOf(frame: string): string | undefined {
  const [, place] = /\(([^()]+:\d+:\d+)\)$/u.exec(frame) ?? /^at (?:async )?(\S+:\d+:\d+)$/u.exec(frame) ?? [];
  return place === undefined ? undefined : withoutScheme(place);
}

function placePath(place: string): string | undefined {
  const text = withoutScheme(placeOf(place) ?? place);
  const path = text.replace(/(?::\d+){1,2}$/u, '');
  return path.startsWith('/') || /^[a-z]:[\\/]/iu.test(path) ? path : undefined;
}

function withoutScheme(place: string): string {
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}
