import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Broker, startBroker } from 'millrace/broker';
import { type Ended, millrace, withoutClock } from './millrace.ts';

// A command is a process, and the machine may be busy with others.
jest.setTimeout(60_000);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const context = `new StreamingContext({ appName: 'e2e', batchInterval: 100 })`;

describe('a wrong command line', () => {
  it('ends with status 2, what happened and the remedy on lines of their own, and nothing on standard output', async () => {
    const { status, stdout, stderr } = await millrace(['broker', '--port', '99999']);
    expect(stderr).toBe('[CLI_OPTION] Option --port cannot be 99999.\nUse a whole number from 0 to 65535.\n');
    expect([status, stdout]).toEqual([2, '']);
  });

  it('is one object on standard error with --json', async () => {
    const { status, stderr } = await millrace(['run', 'a.ts', '--engine', 'x', '--json']);
    expect(JSON.parse(stderr)).toMatchObject({ v: 1, type: 'error', code: 'NOT_YET', exitCode: 2 });
    expect(status).toBe(2);
  });
});

/** A script for Node that tells the CPU time of `work` on standard error. */
function timed(work: string): string {
  const tell = 'const { user, system } = process.cpuUsage(); process.stderr.write(String((user + system) / 1000));';
  return `process.on('exit', () => { ${tell} }); ${work}`;
}

/** The least of three: the machine may be busy. */
function cost(work: string): number {
  const times = [1, 2, 3].map(() =>
    Number(spawnSync(process.execPath, ['--input-type=module', '-e', timed(work)], { encoding: 'utf8' }).stderr),
  );
  return Math.min(...times);
}

describe('help', () => {
  it('costs little more CPU than Node itself: no engine is loaded', () => {
    const main = JSON.stringify(resolve('dist/cli/main.js'));
    const own = cost(`process.argv = ['node', 'millrace', '--help']; await import(${main});`);
    expect(own - cost('await Promise.resolve();')).toBeLessThan(200);
  });

  it.each([['--help'], ['help'], ['run --help'], ['--version']])('millrace %s ends with status 0', async (words) => {
    const { status, stdout, stderr } = await millrace(words.split(' '));
    expect(stdout).toMatch(/^(?:millrace |\d+\.\d+\.\d+)/u);
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('a program', () => {
  it.each([
    [
      'at top level',
      'top.mjs',
      `import { StreamingContext } from 'millrace'; const ssc = ${context}; ssc.queueStream([[1], [2]]).print(); await ssc.start(); await ssc.awaitTermination(); console.log('after');`,
      'after\n',
    ],
    [
      'as a setup function in TypeScript, with an enum and a file beside it',
      'setup.ts',
      `import { StreamingContext, type ProgramEnv } from 'millrace'; import { one } from './one.js'; enum E { A = 1 }
       export default async (env: ProgramEnv) => { const ssc = ${context}; ssc.queueStream([[one], [E.A + Number(env.args[0])]]).print(); return ssc; };`,
      '',
    ],
    [
      'in CommonJS',
      'setup.cjs',
      `const { StreamingContext } = require('millrace'); module.exports = () => { const ssc = ${context}; ssc.queueStream([[1], [2]]).print(); return ssc; };`,
      '',
    ],
  ])('%s runs as it is, from a folder without any package', async (_, name, text, after) => {
    file('one.ts', 'export const one: number = 1;');
    const rule = '-------------------------------------------';
    const { status, stdout, stderr } = await millrace([
      'run',
      file(name, text),
      '--batches',
      '2',
      '--quiet',
      '--',
      '1',
    ]);
    expect(stderr).toBe('');
    expect(withoutClock(stdout)).toBe(
      `${rule}\nTime: +0 ms\n${rule}\n1\n\n${rule}\nTime: +100 ms\n${rule}\n2\n\n${after}`,
    );
    expect(status).toBe(0);
  });

  it('that keeps state has it in a temporary folder where no --checkpoint is given, and settings of --conf', async () => {
    const program = file(
      'counts.mjs',
      `import { StreamingContext } from 'millrace';
       export default () => { const ssc = ${context}; ssc.queueStream([[['a', 1]], [['a', 2]]]).updateStateByKey((v, s) => (s ?? 0) + v[0]).foreachRDD((rdd) => { console.log(rdd.getNumPartitions(), rdd.toDebugString().length > 0); }); return ssc; };`,
    );
    const conf = ['--conf', 'spark.default.parallelism=3', '--conf', 'millrace.stop.timeout=5 seconds'];
    const { status, stdout, stderr } = await millrace(['run', program, '--batches', '2', ...conf]);
    expect([status, stdout]).toEqual([0, '3 true\n3 true\n']);
    expect(stderr).toContain('State is kept in a temporary folder');
  });

  describe('that', () => {
    const refused = [
      [
        'has a fault of syntax in TypeScript',
        'a.ts',
        'const a = 1;\nexport default (',
        'CLI_PROGRAM_SYNTAX',
        'a.ts:2',
        1,
      ],
      [
        'has a fault of syntax in JavaScript',
        'a.mjs',
        'const a = 1;\nexport default (',
        'CLI_PROGRAM_SYNTAX',
        'a.mjs:2',
        1,
      ],
      [
        'imports what is not there',
        'b.ts',
        "import { x } from './nix.ts'; export default x;",
        'CLI_PROGRAM_IMPORT',
        'nix.ts',
        1,
      ],
      ['throws at top level', 'c.ts', "throw new TypeError('oh');", 'CLI_PROGRAM_THREW', 'TypeError: oh', 1],
      [
        'throws in its setup',
        'd.ts',
        "export default () => { throw new TypeError('oh'); };",
        'CLI_PROGRAM_THREW',
        'd.ts:1',
        1,
      ],
      ['never goes on', 'stuck.ts', 'await new Promise(() => {});', 'CLI_PROGRAM_STUCK', 'stuck.ts', 1],
      [
        'never goes on in its setup',
        'stuck-setup.ts',
        'export default async () => { await new Promise(() => {}); };',
        'CLI_PROGRAM_STUCK',
        'The setup function of',
        1,
      ],
      ['starts nothing', 'e.ts', 'export const a = 1;', 'CLI_PROGRAM_STARTED_NOTHING', 'e.ts', 2],
      ['exports something else', 'f.ts', 'export default 7;', 'CLI_PROGRAM_DEFAULT_EXPORT', 'a number', 2],
      ['returns something else', 'g.ts', 'export default () => [];', 'CLI_PROGRAM_RESULT', 'an array', 2],
      [
        'has no output',
        'h.ts',
        `import { StreamingContext } from 'millrace'; export default () => ${context};`,
        'STREAM_NO_OUTPUT',
        'print()',
        2,
      ],
    ] as const;
    const ends = new Map<string, Promise<Ended>>();
    // All at once: each of them is a start of the command and nothing more.
    beforeAll(() => {
      for (const [, name, text] of refused) ends.set(name, millrace(['run', file(name, text), '--batches', '1']));
    });

    it.each(refused)('%s is refused with a code and the place', async (_, name, __, code, said, expected) => {
      const ended = await ends.get(name);
      expect(ended?.stderr).toContain(`[${code}]`);
      expect(ended?.stderr).toContain(said);
      expect(ended?.status).toBe(expected);
    });
  });

  it('whose function throws is named with file, line and stack, and its batch with its time', async () => {
    const text = `import { StreamingContext } from 'millrace';\nexport default () => {\n  const ssc = ${context};\n  ssc.queueStream([[1]]).map(function price() {\n    throw new RangeError('no price');\n  }).print();\n  return ssc;\n};`;
    const { status, stderr } = await millrace(['run', file('throws.ts', text), '--quiet']);
    expect(stderr).toMatch(/^\[RDD_FUNCTION_FAILED\] .*no price.*batch \d+ ms/u);
    expect(stderr).toContain('throws.ts:5:11');
    expect(stderr).toContain('at price (');
    expect(status).toBe(1);
  });

  it('ends after exactly so many batches, also when more are due', async () => {
    const text = `import { StreamingContext } from 'millrace'; export default () => { const ssc = ${context};
      ssc.queueStream([[1], [2], [3], [4]]).map((x) => { const until = Date.now() + 400; while (x === 1 && Date.now() < until); return x; }).print(); return ssc; };`;
    const { stdout } = await millrace(['run', file('late.ts', text), '--batches', '2', '--quiet']);
    expect(stdout.match(/^Time: /gmu)).toHaveLength(2);
  });

  it('is told which options only a setup function is given, and finds its own words in process.argv', async () => {
    const text = `import { StreamingContext } from 'millrace'; const ssc = ${context}; ssc.queueStream([[process.argv[2]]]).print(); await ssc.start(); await ssc.awaitTermination();`;
    const { stdout, stderr } = await millrace([
      'run',
      file('words.mjs', text),
      '--interval',
      '1s',
      '--batches',
      '1',
      '--',
      'hello',
    ]);
    expect(stdout).toContain('\nhello\n');
    expect(stderr).toContain('--interval: not used');
  });

  it('whose function never returns is ended by a second signal', async () => {
    const text = `import { StreamingContext } from 'millrace'; export default () => { const ssc = ${context}; ssc.queueStream([[1]]).map((x) => { console.log('hangs'); for (;;); }).print(); return ssc; };`;
    const child = spawn(process.execPath, ['dist/cli/main.js', 'run', file('stuck.ts', text), '--quiet'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((settle) => child.once('exit', (status, signal) => settle([status, signal])));
    await new Promise((settle) => child.stdout.once('data', settle));
    // The watchdog knows after a second that the main thread takes no signals.
    await delay(1500);
    child.kill('SIGINT');
    await delay(300);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });

  it('speaks JSON lines on standard output with --json, whatever the program logs', async () => {
    const text = `import { StreamingContext } from 'millrace'; export default () => { const ssc = ${context}; console.log('building'); ssc.queueStream([['a', 'b']]).print(1); return ssc; };`;
    const { stdout, stderr } = await millrace(['run', file('json.ts', text), '--json', '--batches', '1']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { v: 1, type: 'start', appName: 'e2e', intervalMs: 100 },
      { v: 1, type: 'rows', rows: ['a'], hasMore: true },
      { v: 1, type: 'batch', records: 2 },
      { v: 1, type: 'stop', batches: 1, records: 2 },
    ]);
    expect(stderr).toContain('building');
  });

  it('ends with status 0 when nobody reads its output any more', () => {
    const text = `import { StreamingContext } from 'millrace'; export default () => { const ssc = ${context}; ssc.queueStream([], true, [1]).print(); return ssc; };`;
    const command = `"${process.execPath}" dist/cli/main.js run "${file('pipe.ts', text)}" --quiet | head -n 1; exit \${PIPESTATUS[0]}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8', timeout: 30_000 });
    expect([status, stdout, stderr]).toEqual([0, '-------------------------------------------\n', '']);
  });
});

describe('the tools for topics', () => {
  let broker: Broker;
  let at: readonly string[] = [];
  beforeAll(async () => {
    broker = await startBroker({ topics: 'orders:3' });
    at = ['--brokers', broker.bootstrap];
  });
  afterAll(async () => {
    await broker.stop();
  });

  it('create, fill, show and delete a topic', async () => {
    const lines = '{"user":"ann","n":1}\n{"user":"bob","n":2}\n';
    expect(await millrace(['topics', 'create', 'clicks', '--partitions', '2', ...at])).toMatchObject({ status: 0 });
    expect(await millrace(['produce', 'clicks', '--key', 'user', ...at], { stdin: lines })).toMatchObject({
      status: 0,
      stderr: '2 records sent to clicks.\n',
    });
    const read = await millrace(['consume', 'clicks', '--until-end', ...at]);
    expect(read.stdout.trimEnd().split('\n').toSorted()).toEqual([
      'ann\t{"user":"ann","n":1}',
      'bob\t{"user":"bob","n":2}',
    ]);
    const described = await millrace(['topics', 'describe', 'clicks', '--json', ...at]);
    const { partitions } = JSON.parse(described.stdout) as { partitions: { until: number }[] };
    expect(partitions.map(({ until }) => until).reduce((a, b) => a + b)).toBe(2);
    expect(await millrace(['topics', 'delete', 'clicks', ...at])).toMatchObject({ status: 0 });
    const listed = await millrace(['topics', 'list', ...at]);
    expect(listed.stdout).toContain('orders');
    expect(listed.stdout).not.toContain('clicks');
  });

  it.each([
    ['a topic that is there', ['topics', 'create', 'orders'], '[CLI_TOPIC]', 2],
    ['a topic that is not there', ['consume', 'nix'], '[KAFKA_UNKNOWN_TOPIC]', 2],
    ['a line that is not JSON', ['produce', 'orders', '--key', 'user'], '[CLI_RECORD] Line 1', 2],
    ['a file that is not there', ['produce', 'orders', '--file', 'nix'], '[CLI_FILE] Cannot read nix', 2],
  ])('refuse %s', async (_, words, text, expected) => {
    const { status, stderr } = await millrace([...words, ...at], { stdin: 'no json\n' });
    expect(stderr).toContain(text);
    expect(status).toBe(expected);
  });

  it('end with status 3 when there is no broker', async () => {
    const { status, stderr } = await millrace(['topics', 'list', '--brokers', '127.0.0.1:1']);
    expect(stderr).toContain('[KAFKA_UNREACHABLE]');
    expect(status).toBe(3);
  }, 20_000);

  it('are found healthy by doctor', async () => {
    const { status, stdout } = await millrace(['doctor', '--json', ...at]);
    const checks = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { check: string; status: string });
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual(expect.arrayContaining(['Node', 'LMDB', 'Disk', 'Broker']));
    expect(status).toBe(0);
  });
});

describe('a new project', () => {
  it('is written whole, and only into an empty folder', async () => {
    const target = join(folder, 'project');
    expect(await millrace(['init', target, '--template', 'top-k'])).toMatchObject({ status: 0 });
    expect(readdirSync(target).toSorted()).toEqual(['.gitignore', 'README.md', 'package.json', 'spec', 'top-k.ts']);
    const again = await millrace(['init', target]);
    expect(again.stderr).toContain('[CLI_FOLDER_NOT_EMPTY]');
    expect(again.status).toBe(2);
    expect(existsSync(join(target, 'word-count.ts'))).toBe(false);
  });

  it('may begin with a copy of a sample, which is never written over', async () => {
    expect(await millrace(['samples', 'copy', 'word-count', folder])).toMatchObject({ status: 0 });
    const again = await millrace(['samples', 'copy', 'word-count', folder]);
    expect(again.stderr).toContain('[CLI_FILE]');
    expect(again.status).toBe(2);
  });
});

it.each(['bash', 'zsh'])('the completion for %s is a script that this shell can read', async (shell) => {
  const { stdout, status } = await millrace(['completion', shell]);
  expect(stdout).toContain('--checkpoint');
  expect(status).toBe(0);
  const known = spawnSync(shell, ['-n', file(`completion.${shell}`, stdout)], { encoding: 'utf8' });
  // A shell that is not installed has no opinion.
  expect(known.error === undefined ? known.stderr : '').toBe('');
});
