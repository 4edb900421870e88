import { raise } from '../kernel/errors.ts';

/** What the engines need of the machine they run on. Node's is installed by the package's wiring; a browser brings its own. */
export interface Host {
  /** Writes to standard output; resolves when more may be written. */
  write(text: string): Promise<void>;
  /** Writes to standard error. */
  warn(text: string): void;
  readonly files: FileSystem;
}

/** Paths are the host's own texts. Every failure is a coded error. */
export interface FileSystem {
  exists(path: string): Promise<boolean>;
  readText(path: string): Promise<string>;
  readBytes(path: string): Promise<Uint8Array>;
  /** Files directly in a folder with size and time of last change. */
  list(folder: string): Promise<readonly FileEntry[]>;
  /** Writes a whole new folder: all files or none of it become visible. Refuses one that exists. */
  writeFolder(
    folder: string,
    files: AsyncIterable<readonly [name: string, lines: AsyncIterable<string> | Iterable<string>]>,
  ): Promise<void>;
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
