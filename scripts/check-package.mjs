// Packs the built package and uses it the way a stranger does: installed in an empty folder outside of the tree, run by npx, its types checked
// with the versions of TypeScript that are in use. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const typescripts = ['5.4', '5.9', '6.0', '7.0'];
const root = path.resolve(import.meta.dirname, '..');
const work = mkdtempSync(path.join(tmpdir(), 'millrace-package-'));
const demoFolder = path.join(work, 'demo');
let [passed, failed] = [0, 0];

const consumer = `import { MillraceError, type ProgramEnv, seconds, StreamingContext } from 'millrace';
import { type Broker, startBroker } from 'millrace/broker';
import { testOperation } from 'millrace/testing';

export default async function setup(env: ProgramEnv): Promise<StreamingContext> {
  return await StreamingContext.getOrCreate(env.checkpointDir, () => {
    const ssc = new StreamingContext({ appName: 'consumer', batchInterval: seconds(1) });
    const words = ssc.kafkaStream({ brokers: env.brokers, topics: ['lines'] }).flatMap((r) => r.value.split(' '));
    const counts = words.map((w) => [w, 1] as const).reduceByKeyAndWindow((a, b) => a + b, (a, b) => a - b, seconds(30), seconds(10));
    counts.foreachRDD(async (rdd, time) => {
      const pairs: [string, number][] = await rdd.collect();
      console.log(time, pairs);
    });
    // @ts-expect-error pairs only
    words.reduceByKey((a: number, b: number) => a + b);
    return ssc;
  });
}

export const broker: Promise<Broker> = startBroker({ topics: 'lines:3' });
export const isOurs = (error: unknown): boolean => error instanceof MillraceError && error.code === 'CONFIG_DURATION';
await testOperation({ input: 'a b | a', stream: (s) => s.count(), output: '2 | 1' });
`;

try {
  const tarball = pack();
  const app = folder('app', { name: 'app', private: true, type: 'module' });
  check('installs in an empty folder', app, 'npm', ['install', '--no-audit', '--no-fund', tarball]);
  check('npx millrace --version', app, 'npx', ['millrace', '--version']);
  check('npx millrace samples run word-count', app, 'npx', ['millrace', 'samples', 'run', 'word-count'], /\(to,4\)/u);
  check(
    'npx millrace demo --batches 3',
    app,
    'npx',
    ['millrace', 'demo', '--batches', '3', '--dir', demoFolder],
    /Time: \d+ ms/u,
  );
  check(
    'require() gives the same',
    app,
    'node',
    ['-e', "console.log(typeof require('millrace').StreamingContext)"],
    /^function/u,
  );
  check('npx millrace init', app, 'npx', ['millrace', 'init', 'project'], /npm start/u);
  checkProject(path.join(app, 'project'), tarball);
  checkTypes(app);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function pack() {
  // Without scripts: what was built is packed, and the tree stays as it is.
  const { stdout, status, stderr } = run(root, 'npm', [
    'pack',
    '--ignore-scripts',
    '--json',
    '--pack-destination',
    work,
  ]);
  if (status !== 0) throw new Error(stderr);
  const [{ filename, size, files }] = JSON.parse(stdout);
  process.stdout.write(`${filename}: ${files.length} files, ${Math.round(size / 1024)} KB\n`);
  return path.join(work, filename);
}

/** The project that `init` writes: its program runs and its test passes, once its dependency is this package. */
function checkProject(project, tarball) {
  check('a new project installs', project, 'npm', ['install', '--no-audit', '--no-fund', tarball]);
  check('a new project passes its test', project, 'npm', ['test']);
}

function checkTypes(app) {
  writeFileSync(path.join(app, 'consumer.ts'), consumer);
  const names = typescripts.map((version) => `ts-${version}@npm:typescript@${version}`);
  check('TypeScript and the types of Node install', app, 'npm', [
    'install',
    '--no-audit',
    '--no-fund',
    '@types/node@20',
    ...names,
  ]);
  for (const version of typescripts) {
    for (const [module, resolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const config = path.join(app, `tsconfig-${version}-${resolution}.json`);
      const options = {
        target: 'es2022',
        module,
        moduleResolution: resolution,
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        skipLibCheck: false,
        types: ['node'],
      };
      writeFileSync(config, JSON.stringify({ compilerOptions: options, files: ['consumer.ts'] }));
      const tsc = path.join(app, 'node_modules', `ts-${version}`, 'bin', 'tsc');
      check(`types under TypeScript ${version}, ${resolution}`, app, 'node', [tsc, '-p', config]);
    }
  }
}

function folder(name, manifest) {
  const created = path.join(work, name);
  mkdirSync(created);
  if (readdirSync(created).length > 0) throw new Error(`${created} is not empty`);
  writeFileSync(path.join(created, 'package.json'), JSON.stringify(manifest));
  return created;
}

function check(name, cwd, command, args, expected = /(?:)/u) {
  const { status, stdout, stderr } = run(cwd, command, args);
  const holds = status === 0 && expected.test(stdout);
  if (holds) passed += 1;
  else failed += 1;
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${name}\n`);
  if (!holds) process.stdout.write(`status ${status}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}\n`);
}

function run(cwd, command, args) {
  return spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, npm_config_update_notifier: 'false' },
  });
}
