import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { messageOf, raise } from '../../kernel/errors.ts';
import type { CommandRequest } from '../command.ts';
import { packageVersion } from '../package.ts';
import { findSample, type Sample, sampleSource } from '../samples/catalogue.ts';

/** `millrace init <dir>`: a new project that runs at once. A folder with anything in it is refused before a byte is written. */
export async function init({ words, flags, terminal }: CommandRequest): Promise<number> {
  const folder = resolve(String(words['dir']));
  const sample = findSample(flags.text('template', 'word-count'));
  await refuseFilled(folder);
  const files = await projectFiles(basename(folder), sample);
  try {
    await mkdir(join(folder, 'spec'), { recursive: true });
    for (const [name, text] of files) await writeFile(join(folder, name), text, { flag: 'wx' });
  } catch (error) {
    raise('CLI_FILE', { action: 'write to', path: folder, problem: messageOf(error) }, { cause: error });
  }
  terminal.result(
    `A project with ${sample.name} is in ${folder}. Next:\n\n  cd ${String(words['dir'])}\n  npm install\n  npm test\n  npm start`,
  );
  return 0;
}

async function refuseFilled(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const entries = await readdir(folder).catch((error: unknown) =>
    raise('CLI_FILE', { action: 'read', path: folder, problem: messageOf(error) }, { cause: error }),
  );
  if (entries.length > 0) raise('CLI_FOLDER_NOT_EMPTY', { path: folder });
}

async function projectFiles(name: string, sample: Sample): Promise<readonly (readonly [name: string, text: string])[]> {
  const program = `${sample.name}.ts`;
  return [
    ['package.json', `${JSON.stringify(manifest(name, program), null, 2)}\n`],
    [program, await readFile(sampleSource(sample), 'utf8')],
    [`spec/${sample.name}.spec.mjs`, specText()],
    ['README.md', readme(name, program, sample)],
    ['.gitignore', 'node_modules\ncheckpoint\n'],
  ];
}

function manifest(name: string, program: string): Record<string, unknown> {
  return {
    name:
      name
        .toLowerCase()
        .replaceAll(/[^a-z0-9._-]+/gu, '-')
        .replace(/^[._-]+/u, '') || 'stream',
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      start: `millrace run ${program} --checkpoint ./checkpoint`,
      test: 'node --test spec/*.spec.mjs',
    },
    dependencies: { millrace: `^${packageVersion()}` },
    engines: { node: '>=20.19.0' },
  };
}

/** The test of a new project: batches in time order, `|` between them; a manual clock, no broker, no waiting. */
function specText(): string {
  return `import { it } from 'node:test';
import { testOperation } from 'millrace/testing';

it('counts the words of each batch', async () => {
  await testOperation({
    input: 'a b a | b | ',
    stream: (words) => words.map((word) => [word, 1]).reduceByKey((a, b) => a + b),
    output: 'a:2 b:1 | b:1 | ',
  });
});
`;
}

function readme(name: string, program: string, sample: Sample): string {
  const broker =
    sample.topics.length === 0
      ? ''
      : `\nIt reads Kafka at localhost:9092. Without one, in two other terminals:\n\n    npx millrace broker --topics ${sample.topics.map(({ name, partitions }) => `${name}:${partitions}`).join(',')}\n    npx millrace produce ${sample.topics[0]?.name ?? ''}\n`;
  return `# ${name}

${sample.summary}

    npm install
    npm test
    npm start

The program is ${program}; its state lies in ./checkpoint, so a second start goes on where the first ended.
${broker}`;
}
