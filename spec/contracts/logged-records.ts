import { existsSync, readFileSync } from 'node:fs';

/**
 * The records of a log of lines, each begun on a line of its own. One that a kill has cut off, or that is being written, is none: whoever was
 * killed there writes it again.
 */
export function loggedRecords<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .flatMap((line): T[] => {
      if (line === '') return [];
      try {
        return [JSON.parse(line) as T];
      } catch {
        return [];
      }
    });
}
