import { fileURLToPath } from 'node:url';

import { sourceOf } from '../../dist/internals.js';

/** The file and line of the source of a function in a profile; a file of the build holds many sources. Lines count from 1. */
export function sourceOfCall({ url, lineNumber, columnNumber }) {
  const source = url.includes('/dist/') ? sourceOf(fileURLToPath(url), lineNumber, columnNumber) : undefined;
  return source === undefined ? { file: url, line: lineNumber + 1 } : { file: source.path, line: source.line + 1 };
}
