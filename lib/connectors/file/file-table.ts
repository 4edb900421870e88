import type { ColumnarBlock } from '../../io/columnar-block.ts';
import { host } from '../../io/host.ts';
import type { Offset } from '../../io/offsets.ts';
import type { ConnectorContext } from '../../io/registry.ts';
import { partitionPrefix, type TableFormat } from '../../io/table-format.ts';
import type { Available, SourceMemory, TableRange, TableSource } from '../../io/table-source.ts';
import { textLines } from '../../io/text-lines.ts';
import { raise } from '../../kernel/errors.ts';
import type { WrittenFile } from '../../io/file-manifest.ts';
import { LinesBlock } from './lines-block.ts';
import { partitionBase, partitionColumns, partitionOf, partitionText } from './partition-folders.ts';
import { visibleFiles } from './visible-files.ts';
import { type FileSettings, parseFileOptions } from './file-options.ts';

/** The lines of the files of a folder, one row each. What a line means is up to the format that is read over it. */
export function fileTable(format: string): TableFormat {
  return {
    columns: (options) => {
      parseFileOptions(format, options);
      return [['value', 'STRING']];
    },
    partitions: (options) => partitionColumns(parseFileOptions(format, options)),
    stream: (options, context) => new FileSource(parseFileOptions(format, options), context),
    scan: (options) => scan(parseFileOptions(format, options)),
  };
}

const log = 'logOffset';
const blockRows = 4096;

/** A file of a batch as its plan keeps it. */
type PlannedFile = readonly [path: string, modifiedMs: number, sizeBytes: number];

/**
 * Files that appear in a folder. Positions count batches with files; which files a batch has is part of its plan, and the names of
 * those that were read are in the source's memory until they are older than `maxFileAge`, counted back from the newest file.
 */
class FileSource implements TableSource {
  readonly description: string;
  readonly #settings: FileSettings;
  readonly #context: ConnectorContext;
  #memory!: SourceMemory;
  #frozen: readonly WrittenFile[] | undefined;
  #newestMs = 0;
  /** Files of committed batches that are to be cleaned up. */
  #toClean: PlannedFile[] = [];
  #lastRead: readonly PlannedFile[] = [];

  constructor(settings: FileSettings, context: ConnectorContext) {
    this.description = `FileStreamSource[file:${settings.folder}]`;
    this.#settings = settings;
    this.#context = context;
  }

  async open(from: Offset | undefined, memory: SourceMemory): Promise<Offset> {
    this.#memory = memory;
    if (!(await host().files.exists(this.#settings.folder))) raise('PATH_NOT_FOUND', { path: this.#settings.folder });
    for (const [, modifiedMs] of memory.entries()) this.#newestMs = Math.max(this.#newestMs, modifiedMs as number);
    return from ?? { [log]: 0 };
  }

  async available(from: Offset, isUnlimited: boolean): Promise<Available> {
    const fresh = (this.#frozen ?? (await this.#visible())).filter((file) => this.#isNew(file));
    const ordered = fresh.toSorted((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1));
    if (this.#settings.latestFirst) ordered.reverse();
    const chosen = isUnlimited ? ordered : limited(ordered, this.#settings);
    const position = from[log] ?? 0;
    const latest = { [log]: position + (fresh.length > 0 ? 1 : 0) };
    if (chosen.length === 0) return { from, until: { [log]: position }, latest };
    const detail = chosen.map(({ path, modifiedMs, sizeBytes }): PlannedFile => [path, modifiedMs, sizeBytes]);
    return { from, until: { [log]: position + 1 }, latest, detail };
  }

  async freeze(): Promise<void> {
    this.#frozen = await this.#visible();
  }

  async *read({ detail }: TableRange): AsyncGenerator<ColumnarBlock, void, undefined> {
    const planned = (detail ?? []) as readonly PlannedFile[];
    for (const [path, modifiedMs] of planned) {
      yield* linesOf(path, this.#settings);
      this.#memory.put(this.#keyOf(path), modifiedMs);
      this.#newestMs = Math.max(this.#newestMs, modifiedMs);
    }
    this.#forgetOld();
    this.#lastRead = planned;
  }

  async commit(): Promise<void> {
    const files = this.#toClean;
    this.#toClean = [...this.#lastRead];
    this.#lastRead = [];
    for (const [path] of files) await this.#clean(path);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  printOffset(offset: Offset): unknown {
    // Spark counts from -1: before the first batch with files there is none.
    return { logOffset: (offset[log] ?? 0) - 1 };
  }

  async #visible(): Promise<readonly WrittenFile[]> {
    const files = await visibleFiles(this.#settings);
    return files.filter(({ path }) => this.#settings.matches(path.slice(path.lastIndexOf('/') + 1)));
  }

  #isNew({ path, modifiedMs }: WrittenFile): boolean {
    const isTooOld = !this.#settings.latestFirst && modifiedMs < this.#newestMs - this.#settings.maxFileAgeMs;
    return !isTooOld && this.#memory.get(this.#keyOf(path)) === undefined;
  }

  #keyOf(path: string): string {
    return this.#settings.fileNameOnly ? path.slice(path.lastIndexOf('/') + 1) : path;
  }

  #forgetOld(): void {
    if (this.#settings.latestFirst) return;
    const oldest = this.#newestMs - this.#settings.maxFileAgeMs;
    const old = [...this.#memory.entries()].filter(([, modifiedMs]) => (modifiedMs as number) < oldest);
    for (const [key] of old) this.#memory.remove(key);
  }

  async #clean(path: string): Promise<void> {
    const { cleanSource, sourceArchiveDir } = this.#settings;
    try {
      if (cleanSource === 'delete') await host().files.remove(path);
      if (cleanSource === 'archive')
        await host().files.move(path, `${sourceArchiveDir ?? ''}/${path.replace(/^\/+/u, '')}`);
    } catch (error) {
      this.#context.warn(`${path} was read and could not be cleaned up (${cleanSource}): ${String(error)}`);
    }
  }
}

function limited(files: readonly WrittenFile[], settings: FileSettings): readonly WrittenFile[] {
  const { maxFilesPerTrigger, maxBytesPerTrigger } = settings;
  if (maxFilesPerTrigger !== undefined) return files.slice(0, maxFilesPerTrigger);
  if (maxBytesPerTrigger === undefined) return files;
  let bytes = 0;
  const end = files.findIndex(({ sizeBytes }, i) => {
    bytes += sizeBytes;
    return i > 0 && bytes > maxBytesPerTrigger;
  });
  return end < 0 ? files : files.slice(0, end);
}

async function* scan(settings: FileSettings): AsyncGenerator<ColumnarBlock, void, undefined> {
  if (!(await host().files.exists(settings.folder))) raise('PATH_NOT_FOUND', { path: settings.folder });
  for (const { path } of await visibleFiles(settings)) {
    if (settings.matches(path.slice(path.lastIndexOf('/') + 1))) yield* linesOf(path, settings);
  }
}

async function* linesOf(path: string, settings: FileSettings): AsyncGenerator<ColumnarBlock, void, undefined> {
  if (!(await host().files.exists(path))) raise('SOURCE_FILE_GONE', { path });
  let line = 0;
  const partition = new Map(
    partitionOf(path, partitionBase(settings)).map(([name, text]) => [partitionPrefix + name, partitionText(text)]),
  );
  const block = (texts: readonly string[]): ColumnarBlock => {
    const first = line;
    line += texts.length;
    return new LinesBlock(texts, partition, (row) => ({ file: path, line: first + row + 1 }));
  };
  if (settings.wholeText || settings.lineSeparator !== undefined) {
    const text = (await host().files.readText(path)).replace(/^\uFEFF/u, '');
    const parts = settings.wholeText ? [text] : text.split(settings.lineSeparator ?? '\n');
    if (!settings.wholeText && parts.at(-1) === '') parts.pop();
    if (parts.length > 0) yield block(parts);
    return;
  }
  let toSkip = settings.skipLines;
  let held: string[] = [];
  for await (const lines of textLines(host().files.chunks(path))) {
    const skipped = Math.min(toSkip, lines.length);
    toSkip -= skipped;
    line += skipped;
    held = held.length === 0 ? lines.slice(skipped) : [...held, ...lines.slice(skipped)];
    if (held.length < blockRows) continue;
    yield block(held);
    held = [];
  }
  if (held.length > 0) yield block(held);
}
