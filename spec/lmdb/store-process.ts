import { expect } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('store-process.mjs', import.meta.url));

type Message = Readonly<Record<string, unknown>>;

export interface Ended {
  readonly messages: readonly Message[];
  readonly status: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

export interface StoreProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** The first message that has a field of this name; rejects when the process ends without one. */
  message(field: string): Promise<Message>;
  /** Calls for every message. */
  onMessage(listener: (message: Message) => void): void;
}

/** Runs `store-process.mjs` from dist. */
export function startStore(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  prefix: readonly string[] = [],
): StoreProcess {
  const [command = process.execPath, ...rest] = [...prefix, process.execPath, program, ...args];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  running.add(child);
  const messages: Message[] = [];
  const listeners: ((message: Message) => void)[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const message = JSON.parse(line) as Message;
    messages.push(message);
    for (const listener of listeners) listener(message);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status, signal) => {
      running.delete(child);
      resolve({ messages, status, signal, stderr });
    });
  });
  return {
    child,
    ended,
    onMessage: (listener) => {
      listeners.push(listener);
    },
    message: async (field) =>
      await new Promise<Message>((resolve, reject) => {
        const known = messages.find((message) => field in message);
        if (known !== undefined) {
          resolve(known);
          return;
        }
        listeners.push((message) => {
          if (field in message) resolve(message);
        });
        void ended.then(({ status, signal, stderr }) => {
          reject(new Error(`ended with ${status ?? signal} before it said ${field}: ${stderr}`));
        });
      }),
  };
}

export async function runStore(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
  prefix?: readonly string[],
): Promise<Ended> {
  const { child, ended } = startStore(args, env, prefix);
  child.stdin?.end();
  return await ended;
}

/** A directory for one spec, removed by `cleanUp`. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-lmdb-'));
  directories.push(directory);
  return directory;
}

const directories: string[] = [];
const running = new Set<ChildProcess>();

/** Removes the directories, and ends processes that a failed spec has left. */
export function cleanUp(): void {
  for (const child of running) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/**
 * Writes versions into `directory` in a process of its own, kills that as soon as it has told `stopAfter`, and checks what is left:
 * sound, and the version last told or the one after it. Gives the version found.
 */
export async function killedWhileWriting(
  directory: string,
  told: number,
  stopAfter: number,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const writer = startStore(['run', directory, '100000'], env);
  writer.onMessage((message) => {
    if (Number(message['version'] ?? 0) >= stopAfter) writer.child.kill('SIGKILL');
  });
  const { messages, signal } = await writer.ended;
  expect(signal).toBe('SIGKILL');
  const lastTold = Math.max(told, ...messages.map((message) => Number(message['version'] ?? 0)));
  const { messages: checked } = await runStore(['check', directory], env);
  const found = checked.at(-1)?.['checked'] as { version: number; fault?: string };
  expect(found.fault).toBeUndefined();
  expect([lastTold, lastTold + 1]).toContain(found.version);
  return found.version;
}
