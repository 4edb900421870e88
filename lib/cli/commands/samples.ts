import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, raise } from '../../kernel/errors.ts';
import type { CommandRequest } from '../command.ts';
import { columnsOf, type Terminal } from '../output/terminal.ts';
import { listText } from '../output/two-columns.ts';
import { findSample, type Sample, samples as all, sampleSource } from '../samples/catalogue.ts';

/** `millrace samples list|show|run|copy`. */
export async function samples(request: CommandRequest): Promise<number> {
  const { words, terminal } = request;
  const action = typeof words['action'] === 'string' ? words['action'] : 'list';
  if (action === 'list') return list(terminal);
  const name = words['name'];
  if (typeof name !== 'string') {
    raise('CLI_USAGE', { problem: `Name the sample to ${action}.`, command: 'samples ' });
  }
  const sample = findSample(name);
  switch (action) {
    case 'show':
      process.stdout.write(await readFile(sampleSource(sample), 'utf8'));
      return 0;
    case 'copy':
      return await copy(sample, words['dir'], terminal);
    default: {
      const { runSample } = await import('../samples/run-sample.ts');
      return await runSample(sample, request);
    }
  }
}

function list(terminal: Terminal): number {
  if (terminal.mode.json) {
    for (const { name, summary } of all)
      process.stdout.write(`${JSON.stringify({ v: 1, type: 'sample', name, summary })}\n`);
  } else {
    process.stdout.write(
      listText(
        ['sample', 'what it shows'],
        all.map(({ name, summary }) => [name, summary]),
        columnsOf(process.stdout),
      ),
    );
  }
  return 0;
}

async function copy(sample: Sample, given: unknown, terminal: Terminal): Promise<number> {
  if (typeof given !== 'string') raise('CLI_USAGE', { problem: 'Name the folder to copy to.', command: 'samples ' });
  const path = resolve(given, `${sample.name}.ts`);
  if (existsSync(path)) raise('CLI_FILE', { action: 'write to', path, problem: 'it is there already' });
  try {
    await mkdir(resolve(given), { recursive: true });
    await copyFile(sampleSource(sample), path);
  } catch (error) {
    raise('CLI_FILE', { action: 'write to', path, problem: messageOf(error) }, { cause: error });
  }
  terminal.result(`${path}\nRun it: millrace run ${join(given, `${sample.name}.ts`)}`);
  return 0;
}
