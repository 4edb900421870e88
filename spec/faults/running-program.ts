import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** How a command ended and what it said. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

const command = resolve('dist/cli/main.js');

/** A folder that goes with the spec, for programs and checkpoints. */
export class Workplace implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'millrace-faults-'));
  readonly #running = new Set<RunningCommand>();

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a program in the second form: `body` stands in the setup function and sees `env`. */
  program(name: string, body: string): string {
    const path = this.path(name);
    writeFileSync(
      path,
      `import { StreamingContext, seconds, type ProgramEnv } from 'millrace';\nexport default async function setup(env: ProgramEnv) {\n${body}\n}\n`,
    );
    return path;
  }

  start(...args: readonly string[]): RunningCommand {
    const running = new RunningCommand(args, this.folder);
    this.#running.add(running);
    return running;
  }

  /** Runs the command to its end. */
  async run(...args: readonly string[]): Promise<Ended> {
    return await this.start(...args).ended;
  }

  [Symbol.dispose](): void {
    for (const running of this.#running) running.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One `millrace` process. */
export class RunningCommand {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  readonly #waiting = new Set<() => void>();

  constructor(args: readonly string[], cwd: string) {
    const begun = performance.now();
    this.#child = spawn(process.execPath, [command, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#wake();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#wake();
    });
    this.ended = new Promise((settle) => {
      this.#child.once('close', (status, signal) => {
        settle({
          status,
          signal,
          stdout: this.#stdout,
          stderr: this.#stderr,
          seconds: (performance.now() - begun) / 1000,
        });
        this.#wake();
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
  }

  /** Resolves with everything printed so far once `pattern` is in it; throws with that text if the process ends before. */
  async printed(pattern: RegExp): Promise<string> {
    for (;;) {
      const all = `${this.#stdout}\n${this.#stderr}`;
      if (pattern.test(all)) return all;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`ended before ${String(pattern)}:\n${all}`);
      await new Promise<void>((wake) => this.#waiting.add(wake));
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
