import type { Time } from '../../kernel/time.ts';

/** A file of a batch, as its plan keeps it. */
export interface SelectedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface SelectionRules {
  /** Files that were changed last at this time or before are old. */
  readonly newerThanMs: number;
  /** How far before its batch a file may have been changed; as long is remembered which files were taken. */
  readonly rememberMs: number;
  /** Whether a file is wanted at all, by its path. */
  readonly accept: (path: string) => boolean;
}

/** The rule for which files a program wants when it does not say: those that are not hidden. */
export function isVisible(path: string): boolean {
  return !path.slice(path.lastIndexOf('/') + 1).startsWith('.');
}

/** The remember window: at least `leastMs`, in whole batches. */
export function rememberWindow(slideMs: number, leastMs: number): number {
  return Math.max(1, Math.ceil(leastMs / slideMs)) * slideMs;
}

/**
 * Which files belong to which batch, by Spark's rules: a file is new at `t` when it was changed last after the start of the program
 * (unless older ones are wanted), after `t` minus the remember window, at `t` at the latest, and was not taken within the window.
 *
 * Times are asked in order. A listing serves any number of times: each takes the files that are due and were not taken.
 */
export class FileSelection {
  readonly #rules: SelectionRules;
  readonly #takenAt = new Map<string, Time>();
  /** Of the last listing, in order of change, what no time has been asked for yet. */
  #pending: readonly SelectedFile[] = [];
  #next = 0;
  #names: ReadonlySet<string> | undefined;

  constructor(rules: SelectionRules) {
    this.#rules = rules;
  }

  /** Takes the files that are there now. Gives those that are new among them and too old for a batch at `time`: they are never read. */
  list(found: readonly SelectedFile[], time: Time): readonly SelectedFile[] {
    const before = this.#names;
    const files: SelectedFile[] = [];
    for (const { path, sizeBytes, modifiedMs } of found) {
      if (!this.#rules.accept(path)) continue;
      files.push({ path, sizeBytes, modifiedMs: Math.floor(modifiedMs) });
    }
    this.#names = new Set(files.map(({ path }) => path));
    this.#pending = files.toSorted((a, b) => a.modifiedMs - b.modifiedMs);
    this.#next = 0;
    const oldest = this.#oldest(time);
    return before === undefined
      ? []
      : this.#pending.filter(
          ({ path, modifiedMs }) => modifiedMs <= oldest && !before.has(path) && !this.#takenAt.has(path),
        );
  }

  /** The directory could not be looked at: until it can, no batch gets anything. */
  listNothing(): void {
    this.#pending = [];
    this.#next = 0;
  }

  /** The files of the batch at `time`, in order of their names. */
  take(time: Time): readonly SelectedFile[] {
    const oldest = this.#oldest(time);
    const taken: SelectedFile[] = [];
    for (let file = this.#pending[this.#next]; file !== undefined; file = this.#pending[this.#next]) {
      if (file.modifiedMs > time) break;
      this.#next += 1;
      if (file.modifiedMs > oldest && !this.#takenAt.has(file.path)) taken.push(file);
    }
    this.add(taken, time);
    return taken.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Files that a plan of an earlier process gave to the batch at `time`. */
  add(files: readonly SelectedFile[], time: Time): void {
    for (const { path } of files) this.#takenAt.set(path, time);
  }

  /** Forgets files of batches that lie a whole window before `time`: by then they are too old to be taken again. */
  forget(time: Time): void {
    for (const [path, takenAt] of this.#takenAt) {
      if (takenAt > time - this.#rules.rememberMs) break;
      this.#takenAt.delete(path);
    }
  }

  #oldest(time: Time): number {
    return Math.max(this.#rules.newerThanMs, time - this.#rules.rememberMs);
  }
}
