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
    if (!file.startsWith(dist)) return place;
    const found = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (found === undefined || !('originalSource' in found)) return place;
    const { originalSource, originalLine, originalColumn } = found;
    return `${resolve(dirname(file), originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
  });
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
