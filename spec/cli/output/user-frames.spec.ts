import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { userFrames } from '../../../lib/cli/output/user-frames.ts';
import { packageFolder } from '../../../lib/cli/package.ts';

describe('frames of a stack', () => {
  it.each([
    ['/home/me/app.ts', true],
    ['/home/me/samples/lib/app.ts', true],
    [join(packageFolder, 'dist', 'samples', 'word-count.js'), true],
    [join(packageFolder, 'samples', 'streaming', 'word-count.ts'), true],
    [join(packageFolder, 'dist', 'cli', 'samples', 'catalogue.js'), false],
    [join(packageFolder, 'lib', 'rdd', 'rdd.ts'), false],
    ['/home/me/node_modules/other/index.js', false],
    ['node:internal/main', false],
  ])('in %s are of the user: %s', (path, isUsers) => {
    expect(userFrames(`Error: x\n    at f (${path}:1:2)`)).toEqual(isUsers ? [`at f (${path}:1:2)`] : []);
  });
});
