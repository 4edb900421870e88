import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

const maps = new Map();

/** The file and line of the source of a function in a profile; a file of the build holds many sources. Lines count from 1. */
export function sourceOf({ url, lineNumber, columnNumber }) {
  const found = url.includes('/dist/') ? mapOf(url)?.findEntry(lineNumber, columnNumber) : undefined;
  if (found?.originalSource === undefined) return { file: url, line: lineNumber + 1 };
  return { file: new URL(found.originalSource, url).href, line: found.originalLine + 1 };
}

function mapOf(url) {
  if (!maps.has(url)) maps.set(url, readMap(url));
  return maps.get(url);
}

/** What is compiled by itself, as the samples are, has none. */
function readMap(url) {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}
