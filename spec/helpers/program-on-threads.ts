import { type Broker, startBroker } from 'millrace/broker';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, millrace } from '../e2e/millrace.ts';

export interface RunOnThreads {
  /** What the program is to do, and more that it is told. */
  readonly how?: string;
  readonly more?: readonly string[];
  readonly batches: number;
  readonly options?: readonly string[];
}

export interface Ran extends Ended {
  /** What output operations got, in order, line by line. */
  readonly written: readonly string[];
  /** `thread N what`: which functions ran on which thread, where the program says so. */
  readonly threads: readonly string[];
}

/** A program that `millrace run` runs on several threads: it writes to the file that it is given, and reads 180 lines of words from a topic of three partitions. */
export class ProgramOnThreads {
  readonly folder: string;
  readonly #broker: Broker;

  private constructor(folder: string, broker: Broker) {
    this.folder = folder;
    this.#broker = broker;
  }

  /** `program`: its text; it is given a file and what to do as arguments. */
  static async open(program: string): Promise<ProgramOnThreads> {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-threads-'));
    writeFileSync(join(folder, 'program.mjs'), program);
    const broker = await startBroker({ topics: 'lines:3' });
    const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
    const lines = Array.from({ length: 180 }, (_, i) => {
      const words = Array.from({ length: 1 + (i % 9) }, (__, j) => names[(i * 7 + j * 3) % names.length]);
      return `key-${i % 11}:${words.join(' ')}`;
    });
    const sent = ['produce', 'lines', '--key', ':', '--brokers', broker.bootstrap, '--quiet'];
    await millrace(sent, { stdin: `${lines.join('\n')}\n` });
    return new ProgramOnThreads(folder, broker);
  }

  get bootstrap(): string {
    return this.#broker.bootstrap;
  }

  /** Runs of the same name go on with the same checkpoint and file. */
  async run(
    name: string,
    master: string,
    { how = 'lives', more = [], batches, options = [] }: RunOnThreads,
  ): Promise<Ran> {
    const file = this.path(`${name}.out`);
    const where = ['--brokers', this.bootstrap, '--checkpoint', this.path(`${name}.checkpoint`), '--interval', '100ms'];
    const extent = ['--master', master, '--batches', String(batches), ...options];
    const ended = await millrace(['run', this.path('program.mjs'), ...where, ...extent, '--', file, how, ...more]);
    return { ...ended, written: linesOf(file), threads: linesOf(`${file}.threads`).toSorted() };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async close(): Promise<void> {
    await this.#broker.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}
