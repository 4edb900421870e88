import { raise } from './errors.ts';

let given: string | undefined;

/** The master of every query of this process whose session names none, from the command line. */
export function useCommandMaster(master: string | undefined): void {
  given = master;
}

export function commandMaster(): string | undefined {
  return given;
}

/**
 * How many threads a master such as Spark's `local[2]` asks for; `processors` is what `*` stands for. Undefined for the masters of
 * clusters, which mean nothing here.
 *
 * @example
 * localThreads('local', 8)      // => 1
 * localThreads('local[2]', 8)   // => 2
 * localThreads('local[*]', 8)   // => 8
 */
export function localThreads(master: string, processors: number): number | undefined {
  if (!/^local\b/u.test(master)) return undefined;
  const [, count] = /^local(?:\[(\*|[1-9]\d{0,3})(?:\s*,\s*\d+)?\])?$/u.exec(master) ?? refused(master);
  if (count === undefined) return 1;
  return count === '*' ? Math.max(1, processors) : Number(count);
}

function refused(master: string): never {
  return raise('CONFIG_VALUE', { name: 'spark.master', value: master, expected: 'local, local[N] or local[*]' });
}
