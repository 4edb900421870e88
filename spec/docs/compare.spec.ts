import { afterAll, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { millrace } from '../e2e/millrace.ts';

// Every command is a process, and the machine may be busy with others.
jest.setTimeout(60_000);

const path = 'docs/compare.md';
const folder = mkdtempSync(join(tmpdir(), 'millrace-docs-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Programs begin with a comment that names their file; the data is the JSON block. */
function writeFiles(page: string): void {
  for (const [, code = ''] of page.matchAll(/```ts\n([^`]*(?:`[^`\n]+`[^`]*)*)```/gu)) {
    const [, name] = /^\/\/ ([\w-]+\.ts)/u.exec(code) ?? [];
    if (name !== undefined) writeFileSync(join(folder, name), code);
  }
  const [, records = ''] = /```json\n([^`]+)```/u.exec(page) ?? [];
  writeFileSync(join(folder, 'events.jsonl'), records);
}

it('prints what the page shows', async () => {
  const page = readFileSync(path, 'utf8');
  writeFiles(page);
  const commands = [...page.matchAll(/```console\n\$ millrace (.+)\n([^`]*)```/gu)];
  expect(commands.length).toBe(4);
  let written = page;
  for (const [block, command = ''] of commands) {
    const { stdout, stderr, status } = await millrace(command.split(' '), { cwd: folder });
    expect({ command, stderr, status }).toEqual({ command, stderr: '', status: 0 });
    const now = `\`\`\`console\n$ millrace ${command}\n${stdout}\`\`\``;
    written = written.replace(block, () => now);
  }
  if (process.env['MILLRACE_WRITE_DOCS'] === '1') writeFileSync(path, written);
  expect(written).toBe(readFileSync(path, 'utf8'));
});
