import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

/** As a user's test file does that needs nothing else of the package. */
const program = `
  import { testOperation } from 'millrace/testing';
  const stream = (words) => words.countByWindow('2 seconds');
  await testOperation({ input: 'a b | c |', stream, output: '2 | 3 | 1' });
  await testOperation({ input: 'a', stream, output: '7' }).catch((error) => console.log(error.code));
  await testOperation({ input: 'a', stream: (words) => words.nothing(), output: '7' }).catch((error) => console.log(error.name));
  await testOperation({ input: 'a', stream, output: '1' });
`;

it('testOperation runs with nothing imported but millrace/testing, and again after a failure', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('TESTING_MISMATCH\nTypeError\n');
  expect(status).toBe(0);
});
