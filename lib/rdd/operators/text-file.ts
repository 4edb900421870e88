import { host } from '../../io/host.ts';
import { textLines } from '../../io/text-lines.ts';
import type { Done, Emit } from '../../kernel/evaluation.ts';
import { pushSlice } from '../evaluate.ts';
import { Once } from '../once.ts';
import { RddNode } from '../rdd-node.ts';

/**
 * The lines of a text file, or of all files of a folder in order of their names (those that begin with `.` or `_` are left out), without
 * their line ends. A packed file (`.gz`) is unpacked. Read on first use and held.
 */
export class TextFileNode extends RddNode<string> {
  readonly kind = 'textFile';
  readonly partitions: number;
  readonly parents = [];
  readonly #lines: Once<string[]>;

  constructor(path: string, partitions: number) {
    super();
    this.partitions = partitions;
    this.#lines = new Once(async () => await readLines(path));
  }

  compute(partition: number, emit: Emit<string>): Done {
    return this.#lines.use((lines) => {
      const from = Math.floor((partition * lines.length) / this.partitions);
      const until = Math.floor(((partition + 1) * lines.length) / this.partitions);
      return pushSlice(lines, from, until, emit);
    });
  }
}

async function readLines(path: string): Promise<string[]> {
  const names = await filesIn(path);
  const paths = names === undefined ? [path] : names.map((name) => `${path}/${name}`);
  const lines: string[] = [];
  for (const file of paths) {
    for await (const some of textLines(host().files.unpackedChunks(file))) for (const line of some) lines.push(line);
  }
  return lines;
}

/** The names of the data files of a folder; `undefined` where the path is no folder. */
async function filesIn(path: string): Promise<string[] | undefined> {
  let entries;
  try {
    entries = await host().files.list(path);
  } catch {
    return undefined;
  }
  return entries
    .map((entry) => entry.name)
    .filter((name) => !/^[._]/u.test(name))
    .toSorted();
}
