import { raise } from '../kernel/errors.ts';

/** What the engines need of the machine they run on. Node's is installed by the package's wiring; a browser brings its own. */
export interface Host {
  /** Writes to standard output; resolves when more may be written. */
  write(text: string): Promise<void>;
  /** Writes to standard error. */
  warn(text: string): void;
  readonly files: FileSystem;
  /** Who runs the process: `current_user()`. Absent where nobody is known. */
  userName?(): string;
  /**
   * Has `stop` called when somebody asks the process to end (SIGINT, SIGTERM), once; what it returns takes that back. Absent where
   * nobody can ask.
   */
  onShutdown?(stop: () => Promise<void>): () => void;
  /**
   * Connects to a TCP server and gives its bytes as they come. Nothing is read ahead of whoever iterates, so a slow reader holds the
   * server back. Ends when the server closes, and quietly when `until` is aborted; every other end is a coded error.
   */
  connect(address: string, port: number, until: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Runs a program that is given lines on its standard input, and gives the lines it writes. Another status than 0 is a coded error; one who
   * stops iterating ends the program. Absent where no program can be started.
   */
  pipe?(
    command: readonly string[],
    lines: Iterable<string>,
    env: Readonly<Record<string, string>>,
  ): AsyncIterable<string>;
  /** Threads beside this one. Absent where there are none. */
  readonly threads?: Threads;
}

/** Threads that load this package once more and share nothing with this one but messages. */
export interface Threads {
  /** How many of them the machine runs at a time. */
  readonly processors: number;
  /**
   * The file and the words this process was started with, where another thread may load it to build the same program; otherwise why it may not: text
   * that was typed in, a tool that runs the program as a part of itself.
   */
  mainProgram(): { readonly file: string; readonly args: readonly string[] } | { readonly reason: string };
  /** Starts one. `entry` is a name that the package's wiring knows (`thread.ts`), `data` whatever that entry wants. */
  start(entry: string, data: unknown, events: ThreadEvents): Thread;
}

/** One thread, as this one sees it. Messages are copied; buffers that are handed over are not there any more afterwards. */
export interface Thread {
  post(message: unknown, handedOver?: readonly ArrayBuffer[]): void;
  /** Ends it, whatever it is doing. */
  end(): Promise<void>;
}

/** The line of a thread to the one that started it: what it says, and what it is told. */
export interface ThreadLine<Out = unknown, In = never> {
  post(message: Out, handedOver?: readonly ArrayBuffer[]): void;
  receive(receiver: (message: In) => void): void;
}

export interface ThreadEvents {
  message(message: unknown): void;
  /** It ended without having been told to; no message will follow. */
  ended(reason: string): void;
}

/** Paths are the host's own texts. Every failure is a coded error. */
export interface FileSystem {
  exists(path: string): Promise<boolean>;
  /** The same at once, where a program is told about a wrong path while it is still being built. */
  existsSync(path: string): boolean;
  /** What is directly in a folder, at once, for what a program is told while it is still being built; `undefined` for a file. */
  namesSync(folder: string): readonly { readonly name: string; readonly isFolder: boolean }[] | undefined;
  readText(path: string): Promise<string>;
  /** A small file, at once. */
  readTextSync(path: string): string;
  readBytes(path: string): Promise<Uint8Array>;
  /** The bytes of a file piece by piece, in order: a large file is never held whole. */
  chunks(path: string): AsyncIterable<Uint8Array>;
  /** As `chunks`; a file that is packed, by the end of its name (`.gz`), is unpacked. */
  unpackedChunks(path: string): AsyncIterable<Uint8Array>;
  /** Files directly in a folder with size and time of last change; what a symbolic link leads to counts as what it is. */
  list(folder: string): Promise<readonly FileEntry[]>;
  /** Names of the folders directly in a folder. */
  folders(folder: string): Promise<readonly string[]>;
  /** One file; `undefined` where there is none. */
  entry(path: string): Promise<FileEntry | undefined>;
  /** Writes a whole new folder: all files or none of it become visible. Refuses one that exists. */
  writeFolder(
    folder: string,
    files: AsyncIterable<readonly [name: string, lines: AsyncIterable<string> | Iterable<string>]>,
  ): Promise<void>;
  /** Writes a file and the folders above it; it is there whole or not at all, and lasts once this resolves. Replaces one that is there. */
  writeText(path: string, parts: Iterable<string>): Promise<void>;
  /** Moves a file, making the folders above its new place. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file; nothing happens where there is none. */
  remove(path: string): Promise<void>;
}

export interface FileEntry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

let installed: Host | undefined;

export function installHost(host: Host): void {
  installed = host;
}

export function host(): Host {
  return installed ?? raise('INTERNAL_INVARIANT', { what: 'no host is installed' });
}
