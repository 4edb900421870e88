import type { TextOptions } from '../../io/text-options.ts';
import { raise } from '../../kernel/errors.ts';
import { durationMs } from '../../kernel/time.ts';

/** The options of a folder that is read as a table. */
export interface FileSettings {
  readonly folder: string;
  /** Where partitions, `k=v/`, are counted from: a folder above the one that is read. */
  readonly basePath: string | undefined;
  /** Files of all folders below, whatever their names; there are no partitions then. */
  readonly isRecursive: boolean;
  readonly maxFilesPerTrigger: number | undefined;
  readonly maxBytesPerTrigger: number | undefined;
  readonly latestFirst: boolean;
  /** A file is known by its name alone, wherever it lies. */
  readonly fileNameOnly: boolean;
  readonly maxFileAgeMs: number;
  /** What is done with a file when a later batch has been committed. */
  readonly cleanSource: 'off' | 'archive' | 'delete';
  readonly sourceArchiveDir: string | undefined;
  /** One row for a whole file. */
  readonly wholeText: boolean;
  readonly lineSeparator: string | undefined;
  readonly matches: (name: string) => boolean;
  /** Lines at the beginning of each file that are no rows. */
  readonly skipLines: number;
}

export function parseFileOptions(format: string, options: TextOptions): FileSettings {
  const problems: string[] = [];
  const flag = (name: string): boolean => {
    const text = (options.get(name) ?? 'false').toLowerCase();
    if (text !== 'true' && text !== 'false') problems.push(`${name} must be true or false, not ${text}`);
    return text === 'true';
  };
  const whole = (name: string): number | undefined => {
    const text = options.get(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 1) problems.push(`${name} must be a whole number above 0, not ${text}`);
    return value;
  };
  const age = options.get('maxFileAge') ?? '7d';
  let maxFileAgeMs = 0;
  try {
    maxFileAgeMs = durationMs(age);
  } catch {
    problems.push(`maxFileAge must be a duration such as '7d', not ${age}`);
  }
  const cleanSource = (options.get('cleanSource') ?? 'off').toLowerCase();
  const sourceArchiveDir = options.get('sourceArchiveDir');
  if (!isCleaning(cleanSource)) problems.push(`cleanSource must be off, archive or delete, not ${cleanSource}`);
  if (cleanSource === 'archive' && sourceArchiveDir === undefined)
    problems.push('cleanSource archive needs sourceArchiveDir');
  const folder = options.get('path');
  const basePath = options.get('basePath');
  const [base, path] = [basePath, folder].map((one) => plainFolder(one ?? ''));
  if (basePath !== undefined && path !== base && path?.startsWith(`${base}/`) !== true) {
    problems.push(`basePath ${basePath} is not above ${folder ?? 'the path'}`);
  }
  if (folder === undefined) problems.push('path is missing');
  const settings: FileSettings = {
    folder: plainFolder(folder ?? ''),
    basePath: basePath === undefined ? undefined : plainFolder(basePath),
    isRecursive: flag('recursiveFileLookup'),
    maxFilesPerTrigger: whole('maxFilesPerTrigger'),
    maxBytesPerTrigger: whole('maxBytesPerTrigger'),
    latestFirst: flag('latestFirst'),
    fileNameOnly: flag('fileNameOnly'),
    maxFileAgeMs,
    cleanSource: isCleaning(cleanSource) ? cleanSource : 'off',
    sourceArchiveDir,
    wholeText: flag('wholetext') || flag('multiLine'),
    lineSeparator: options.get('lineSep'),
    matches: patternOf(options.get('pathGlobFilter')),
    skipLines: format === 'csv' && flag('header') ? 1 : 0,
  };
  if (settings.maxFilesPerTrigger !== undefined && settings.maxBytesPerTrigger !== undefined) {
    problems.push('give maxFilesPerTrigger or maxBytesPerTrigger, not both');
  }
  if (problems.length > 0) raise('SOURCE_OPTIONS', { format, problems: problems.join('; ') });
  return settings;
}

/** A path of a folder as it is compared: no scheme, nothing at the end. */
function plainFolder(path: string): string {
  return path.replace(/^file:(?:\/\/)?(?=\/)/u, '').replace(/(?<=.)\/+$/u, '');
}

function isCleaning(text: string): text is FileSettings['cleanSource'] {
  return text === 'off' || text === 'archive' || text === 'delete';
}

/** `*`, `?`, `[...]` and `{a,b}` of Hadoop's patterns. */
function patternOf(glob: string | undefined): (name: string) => boolean {
  if (glob === undefined) return () => true;
  const source = glob
    .replaceAll(/[.+^$()|\\]/gu, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('{', '(?:')
    .replaceAll('}', ')')
    .replaceAll(',', '|');
  const pattern = new RegExp(`^${source}$`, 'u');
  return (name) => pattern.test(name);
}
