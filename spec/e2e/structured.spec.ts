import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { millrace } from './millrace.ts';

// A command is a process, and the machine may be busy with others.
jest.setTimeout(60_000);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-structured-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function program(name: string, text: string): string {
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, `import { Session } from 'millrace';\nconst spark = Session.builder().getOrCreate();\n${text}`);
  return path;
}

const numbers = `spark.readStream.format('rate-micro-batch').option('rowsPerBatch', 2).load().select('value')`;

describe('a structured program', () => {
  it('at top level runs until its limit', async () => {
    const path = program('top', `await (await ${numbers}.writeStream.format('console').start()).awaitTermination();`);
    const { status, stdout, stderr } = await millrace(['run', path, '--batches', '2', '--quiet']);
    expect(stderr).toBe('');
    expect(stdout.match(/^Batch: \d+$/gmu)).toEqual(['Batch: 0', 'Batch: 1']);
    expect(status).toBe(0);
  });

  it('with --json says everything as lines of JSON, and of a temporary folder nothing where no state is in it', async () => {
    const path = program(
      'json',
      `export default () => ${numbers}.writeStream.queryName('n').format('console').start();`,
    );
    const { status, stdout, stderr } = await millrace(['run', path, '--batches', '1', '--json']);
    expect(stderr).not.toContain('temporary folder');
    const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { type: string }]));
    expect(events.map(({ type }) => type)).toEqual(['start', 'output', 'queryProgress', 'stop']);
    expect(events[0]).toMatchObject({ query: 'n' });
    expect(events[2]).toMatchObject({ progress: { batchId: 0, numInputRows: 2 } });
    expect(status).toBe(0);
  });

  it.each<[string, string]>([
    ['at top level', `await spark.range(3).show();`],
    ['in its setup function', `export default async () => { await spark.range(3).show(); };`],
  ])('that only asks static data ends well: %s', async (name, text) => {
    const { status, stdout, stderr } = await millrace(['run', program(`static-${name.length}`, text), '--quiet']);
    expect(stderr).toBe('');
    expect(stdout).toContain('| id|');
    expect(status).toBe(0);
  });

  it('reads the state of a query beside it, and behind it', async () => {
    const checkpoint = join(folder, 'read-state');
    const path = program(
      'state',
      `export default async () => {
        const query = await ${numbers}.selectExpr('value % 2 AS k').groupBy('k').count()
          .writeStream.outputMode('update').format('noop').option('checkpointLocation', '${checkpoint}').start();
        while (query.recentProgress.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
        // Named in another way, it is opened from outside.
        for (const name of ['${checkpoint}', '${checkpoint}/.']) {
          await spark.read.format('statestore').option('batchId', 1).load(name).select('value').show();
        }
        await query.stop();
        await spark.read.format('statestore').option('batchId', 1).load('${checkpoint}').select('value').show();
        return query;
      };`,
    );
    const { status, stdout, stderr } = await millrace(['run', path, '--quiet']);
    expect(stderr.split('\n').filter((line) => !line.includes('QUERY_STATE_NEVER_SHRINKS') && line !== '')).toEqual([]);
    expect(stdout.match(/\{2\}/gu)).toHaveLength(6);
    expect(status).toBe(0);
  });

  it.each<[string, string, number, string]>([
    ['a bad value', `${numbers}.selectExpr("CAST('x' AS INT)")`, 1, 'CAST_INVALID_INPUT'],
    ['columns that are not there', `${numbers}.select('nothing')`, 2, 'UNRESOLVED_COLUMN'],
  ])('ends with the status of what is wrong: %s', async (name, query, expected, code) => {
    const path = program(`bad-${name.length}`, `export default () => ${query}.writeStream.format('noop').start();`);
    const { status, stderr } = await millrace(['run', path, '--quiet']);
    expect(stderr).toContain(code);
    expect(status).toBe(expected);
  });

  it('says with its status that rows are missing from the source', async () => {
    const files = join(folder, 'files');
    mkdirSync(files);
    writeFileSync(join(files, 'a.txt'), 'a\n');
    const read = `spark.readStream.text(${JSON.stringify(files)}).writeStream.option('checkpointLocation', ${JSON.stringify(join(folder, 'state'))})`;
    const failing = program(
      'failing',
      `export default () => ${read}.foreachBatch(() => { throw new Error('no') }).start();`,
    );
    expect((await millrace(['run', failing, '--quiet'])).status).toBe(1);
    rmSync(join(files, 'a.txt'));
    const again = program('again', `export default () => ${read}.foreachBatch(() => undefined).start();`);
    const { status, stderr } = await millrace(['run', again, '--quiet']);
    expect(stderr).toContain('SOURCE_FILE_GONE');
    expect(status).toBe(7);
  });

  it('keeps checkpoints below spark.sql.streaming.checkpointLocation, by name', async () => {
    const root = join(folder, 'root');
    const path = program(
      'named',
      `spark.conf.set('spark.sql.streaming.checkpointLocation', ${JSON.stringify(root)});
       export default () => ${numbers}.writeStream.queryName('mine').format('console').start();`,
    );
    const first = await millrace(['run', path, '--batches', '1', '--quiet']);
    const second = await millrace(['run', path, '--batches', '1', '--quiet']);
    expect([first.status, second.status]).toEqual([0, 0]);
    expect(existsSync(join(root, 'mine'))).toBe(true);
    expect(second.stdout).toContain('Batch: 1');
    expect(second.stdout).toContain('|    2|');
  });
});
