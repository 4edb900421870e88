import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { packageFolder } from '../package.ts';

/** `/…/dist/….js:12:34`: a place in a file of the build. */
const builtPlace = /(?:file:\/\/)?(\/[^\s():]+\.js):(\d+):(\d+)/gu;

/**
 * A stack in which our own places are those of the sources: a file of the build holds many of them. Node does so by itself only for what is loaded
 * after source maps were switched on, and reads each map then, which takes longer than loading the file; here it is done for a stack that is shown.
 *
 * @example
 * sourcePlaces('at Rdd.collect (/app/node_modules/millrace/dist/chunks/A.js:9:3)')   // => 'at Rdd.collect (/app/node_modules/millrace/lib/rdd/rdd.ts:4:5)'
 */
export function sourcePlaces(stack: string): string {
  const dist = join(packageFolder, 'dist', '/');
  return stack.replaceAll(builtPlace, (place: string, file: string, line: string, column: string) => {
    const source = file.startsWith(dist) ? sourceOf(file, Number(line) - 1, Number(column) - 1) : undefined;
    return source === undefined ? place : `${source.path}:${source.line + 1}:${source.column + 1}`;
  });
}

/** A place in a source, lines and columns counted from 0. */
interface SourcePlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Where a place of a built file comes from; undefined where it has no map, or the place is not in it. Lines and columns count from 0. */
export function sourceOf(file: string, line: number, column: number): SourcePlace | undefined {
  const found = mapOf(file)?.findEntry(line, column);
  if (found === undefined || !('originalSource' in found)) return undefined;
  const { originalSource, originalLine, originalColumn } = found;
  return { path: resolve(dirname(file), originalSource), line: originalLine, column: originalColumn };
}

const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
  return maps.get(file);
}

/** What is compiled by itself, as the samples are, has none. */
function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}
