import { manifestLine, manifestVersion, parseManifest, type WrittenFile } from '../../../io/file-manifest.ts';
import { batchOfManifest, manifestName, manifestsToRead } from '../../../io/file-manifest-names.ts';
import { host } from '../../../io/host.ts';

export interface FileSinkLogRules {
  /** Every so many batches one list takes in all before it, as in Spark. */
  readonly compactInterval: number;
}

/**
 * The lists of what the batches of a file sink wrote, in Spark's format. Each list is there whole or not at all. Every tenth list holds
 * all before it (`9.compact`), and the lists that an older one of these has taken in are removed: there are never more than two
 * intervals of them. They stay for an interval so that who has seen their names can still read them.
 *
 * A crash at any point leaves lists that say the same: lists are removed only when a later one that holds them is durable.
 */
export class FileSinkLog {
  readonly #folder: string;
  readonly #interval: number;

  constructor(folder: string, { compactInterval }: FileSinkLogRules) {
    this.#folder = folder;
    this.#interval = compactInterval;
  }

  /** Whether a batch has its list, under either of its names; one that was taken in by a later list has, too. */
  async has(batchId: number): Promise<boolean> {
    const names = await this.#names();
    return names.some((name) => {
      const batch = batchOfManifest(name);
      return batch === batchId || (batch > batchId && name === manifestName(batch, true));
    });
  }

  async add(batchId: number, written: readonly WrittenFile[]): Promise<void> {
    const isCompacted = (batchId + 1) % this.#interval === 0;
    const before = isCompacted ? await this.#allFiles() : [];
    const lines = [...before, ...written].map(manifestLine);
    await host().files.writeText(`${this.#folder}/${manifestName(batchId, isCompacted)}`, withVersion(lines));
    if (isCompacted) await this.#removeOld(batchId);
  }

  async #allFiles(): Promise<readonly WrittenFile[]> {
    const found: WrittenFile[] = [];
    for (const name of manifestsToRead(await this.#names())) {
      for (const file of parseManifest(await host().files.readText(`${this.#folder}/${name}`))) found.push(file);
    }
    return found;
  }

  /** Everything before the list that came one interval earlier. */
  async #removeOld(batchId: number): Promise<void> {
    const names = await this.#names();
    const kept = names.findLast(
      (name) => batchOfManifest(name) < batchId && name === manifestName(batchOfManifest(name), true),
    );
    if (kept === undefined) return;
    for (const name of names) {
      if (batchOfManifest(name) < batchOfManifest(kept)) await host().files.remove(`${this.#folder}/${name}`);
    }
  }

  /** In order of their batches. */
  async #names(): Promise<readonly string[]> {
    const { files } = host();
    if (!(await files.exists(this.#folder))) return [];
    const names = (await files.list(this.#folder)).map(({ name }) => name);
    return names
      .filter((name) => /^\d+(?:\.compact)?$/u.test(name))
      .toSorted((a, b) => batchOfManifest(a) - batchOfManifest(b));
  }
}

/** Piece by piece: the list of all files may be long. */
function* withVersion(lines: readonly string[]): Generator<string, void, undefined> {
  const atOnce = 1000;
  yield manifestVersion;
  for (let from = 0; from < lines.length; from += atOnce) {
    yield `\n${lines.slice(from, from + atOnce).join('\n')}`;
  }
}
