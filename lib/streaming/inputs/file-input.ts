import { host } from '../../io/host.ts';
import type { Offset } from '../../io/offsets.ts';
import type { ReadLimit } from '../../io/read-limit.ts';
import { failure, messageOf } from '../../kernel/errors.ts';
import type { Time } from '../../kernel/time.ts';
import type { RddNode } from '../../rdd/rdd-node.ts';
import type { PlannedRange } from '../../store/state-store.ts';
import { type InputContext, InputNode, type InputPart, type InputRun } from '../input-node.ts';
import type { Step } from '../step.ts';
import { TimeList } from '../time-list.ts';
import type { FileFormat } from './file-format.ts';
import { FileRdd } from './file-rdd.ts';
import { FileSelection, rememberWindow, type SelectedFile } from './file-selection.ts';
import { foldersMatching, isGlob } from './glob.ts';

export interface FileSettings<T> {
  /** A path, or a pattern that stands for several (`foldersMatching`). Without a slash at its end. */
  readonly directory: string;
  readonly accept: (path: string) => boolean;
  readonly newFilesOnly: boolean;
  readonly failOnDataLoss: boolean;
  readonly format: FileFormat<T>;
}

/**
 * The new files of a directory as a stream, by Spark's rules (`FileSelection`). Which files a batch reads is part of its plan: a batch
 * that runs again reads the same ones. Where the input stands is the number of files taken so far, and `since`, the time that files
 * have to be newer than.
 */
export class FileInput<T> extends InputNode<T> {
  readonly isAlwaysPresent = true;
  readonly isReplayable = true;
  readonly #settings: FileSettings<T>;

  constructor(step: Step, slideMs: number, settings: FileSettings<T>) {
    super(step, slideMs);
    this.#settings = settings;
  }

  open(from: Offset | undefined, context: InputContext): Promise<InputRun<T>> {
    const since = from?.['since'] ?? (this.#settings.newFilesOnly ? firstStart(context) : 0);
    return Promise.resolve(new FileRun(this.#settings, { files: from?.['files'] ?? 0, since }, context, this.slideMs));
  }
}

/** Now; or the zero time where an earlier process began and died before its first plan: what came since then is new. */
function firstStart({ clock, zeroTime, batchMs }: InputContext): Time {
  const now = clock.now();
  return now < zeroTime + batchMs ? now : zeroTime;
}

interface FilePosition {
  readonly files: number;
  readonly since: Time;
}

interface FileBatch<T> {
  readonly range: PlannedRange;
  readonly rdd: FileRdd<T>;
}

class FileRun<T> implements InputRun<T> {
  readonly #settings: FileSettings<T>;
  readonly #context: InputContext;
  readonly #slideMs: number;
  readonly #rememberMs: number;
  readonly #selection: FileSelection;
  readonly #batches = new TimeList<FileBatch<T>>();
  #position: FilePosition;
  #lastWarning = '';
  #isListed = false;

  constructor(settings: FileSettings<T>, position: FilePosition, context: InputContext, slideMs: number) {
    this.#settings = settings;
    this.#context = context;
    this.#slideMs = slideMs;
    this.#position = position;
    this.#rememberMs = rememberWindow(slideMs, context.config.number('spark.streaming.fileStream.minRememberDuration'));
    this.#selection = new FileSelection({
      accept: settings.accept,
      newerThanMs: position.since,
      rememberMs: this.#rememberMs,
    });
  }

  async allot(time: Time, _limit: ReadLimit, isBacklog: boolean): Promise<PlannedRange> {
    // One look at the directory serves all batches of a backlog: each takes the files of its own time.
    if (!isBacklog || !this.#isListed) await this.#list(time);
    const files = this.#selection.take(time);
    const from = this.#position;
    this.#position = { ...from, files: from.files + files.length };
    const range = {
      time,
      from: { ...from },
      until: { ...this.#position },
      ...(files.length > 0 ? { detail: files } : {}),
    };
    this.#batches.set(time, this.#batchOf(range));
    return range;
  }

  adopt(range: PlannedRange): void {
    this.restore(range);
    this.#position = { files: range.until['files'] ?? 0, since: this.#position.since };
  }

  restore(range: PlannedRange): void {
    const batch = this.#batchOf(range);
    this.#selection.add(batch.rdd.files, range.time);
    this.#batches.set(range.time, batch);
  }

  /** With the batches that a later one may read also those of the remember window: their files must not be taken again. */
  retained(upTo: Time): readonly PlannedRange[] {
    const kept: PlannedRange[] = [];
    for (const { range } of this.#batches.upTo(upTo)) {
      if (range.detail !== undefined) kept.push(range);
    }
    return kept;
  }

  rdd(time: Time): RddNode<T> | undefined {
    return this.#batches.get(time)?.rdd;
  }

  part(time: Time): InputPart | undefined {
    const rdd = this.#batches.get(time)?.rdd;
    if (rdd === undefined) return undefined;
    // Spark never says how many; here it is known once the batch has read its files.
    const records = this.#context.config.flag('millrace.spark.compat') ? 0 : rdd.records;
    return { records, metadata: { files: rdd.files.map(({ path }) => path) } };
  }

  batchDone(time: Time): void {
    this.#selection.forget(time);
  }

  release(upTo: Time): void {
    // `upTo` lies at least one slide before the batch that was just done.
    this.#batches.dropUntil(upTo + this.#slideMs - this.#rememberMs);
  }

  committed(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#batches.dropUntil(Number.POSITIVE_INFINITY);
    return Promise.resolve();
  }

  async #list(time: Time): Promise<void> {
    const { clock, warn } = this.#context;
    const startedMs = clock.monotonicMs();
    try {
      const files = await filesOf(this.#settings.directory);
      for (const { path, modifiedMs } of this.#selection.list(files, time)) {
        warn(failure('SOURCE_FILE_TOO_OLD', { path, modified: modifiedMs, window: this.#rememberMs }).message);
      }
      this.#lastWarning = '';
      this.#isListed = true;
    } catch (error) {
      // As Spark: the batch is empty and the next one looks again; the window lets no file be missed for a minute.
      this.#selection.listNothing();
      this.#isListed = false;
      const { directory } = this.#settings;
      this.#warnOnce(failure('SOURCE_FOLDER_NOT_LISTED', { directory, reason: messageOf(error) }).message);
    }
    const tookMs = Math.round(clock.monotonicMs() - startedMs);
    if (tookMs > this.#slideMs) {
      warn(failure('SOURCE_FOLDER_SLOW', { directory: this.#settings.directory, took: tookMs }).message);
    }
  }

  #warnOnce(text: string): void {
    if (text !== this.#lastWarning) this.#context.warn(text);
    this.#lastWarning = text;
  }

  #batchOf(range: PlannedRange): FileBatch<T> {
    const files = (range.detail ?? []) as readonly SelectedFile[];
    const { format, failOnDataLoss } = this.#settings;
    const warned = new Set<string>();
    const rdd = new FileRdd(files, format, {
      operator: this.#context.id,
      failOnDataLoss,
      warn: (code, path) => {
        if (!warned.has(path)) this.#context.warn(failure(code, { path }).message);
        warned.add(path);
      },
    });
    return { range, rdd };
  }
}

/** What is in a folder now, or in all of those that a pattern stands for now. */
async function filesOf(directory: string): Promise<readonly SelectedFile[]> {
  const { files } = host();
  const folders = isGlob(directory)
    ? await foldersMatching(directory, async (folder) => await files.folders(folder))
    : [directory];
  const found: SelectedFile[] = [];
  for (const folder of folders) {
    const entries = await files.list(folder);
    for (const { name, ...entry } of entries) found.push({ ...entry, path: `${folder}/${name}` });
  }
  return found;
}
