import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Transform } from 'node:stream';
import { failure, messageOf, MillraceError, raise } from '../kernel/errors.ts';
import type { FileEntry, FileSystem, Host } from '../io/host.ts';
import { pipeLines } from './pipe.ts';
import { onShutdown } from './shutdown.ts';
import { connectTcp } from './tcp.ts';
import { threadsOfNode } from './threads.ts';
import { unpackerOf } from './unpack.ts';

const nodeFiles: FileSystem = {
  async exists(path) {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false;
      throw fileFailure('looked at', path, error);
    }
  },

  existsSync,

  namesSync(folder) {
    try {
      return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory() || (entry.isSymbolicLink() && isFolderSync(join(folder, entry.name))),
      }));
    } catch (error) {
      if (codeOf(error) === 'ENOTDIR') return undefined;
      throw fileFailure('listed', folder, error);
    }
  },

  readTextSync(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw fileFailure('read', path, error);
    }
  },

  async readText(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw fileFailure('read', path, error);
    }
  },

  async readBytes(path) {
    try {
      return await readFile(path);
    } catch (error) {
      throw fileFailure('read', path, error);
    }
  },

  chunks: (path) => chunksOf(path, undefined),

  unpackedChunks: (path) => chunksOf(path, unpackerOf(path)),

  async list(folder) {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      const files: FileEntry[] = [];
      for (const entry of entries) {
        if (!entry.isFile() && !entry.isSymbolicLink()) continue;
        try {
          const found = await stat(join(folder, entry.name));
          if (found.isFile()) files.push({ name: entry.name, sizeBytes: found.size, modifiedMs: found.mtimeMs });
        } catch (error) {
          // Gone between listing and looking: it is simply not there any more.
          if (codeOf(error) !== 'ENOENT') throw error;
        }
      }
      return files;
    } catch (error) {
      throw fileFailure('listed', folder, error);
    }
  },

  async folders(folder) {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      const names: string[] = [];
      for (const entry of entries) {
        if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(folder, entry.name))))) {
          names.push(entry.name);
        }
      }
      return names;
    } catch (error) {
      throw fileFailure('listed', folder, error);
    }
  },

  async entry(path) {
    try {
      const found = await stat(path);
      return found.isFile() ? { name: basename(path), sizeBytes: found.size, modifiedMs: found.mtimeMs } : undefined;
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw fileFailure('looked at', path, error);
    }
  },

  async writeFolder(folder, files) {
    const parent = dirname(folder);
    const draft = join(parent, `.${basename(folder)}.millrace-${process.pid}`);
    try {
      if (await nodeFiles.exists(folder)) raise('HOST_FOLDER_EXISTS', { folder });
      await mkdir(parent, { recursive: true });
      await rm(draft, { recursive: true, force: true });
      await mkdir(draft);
      for await (const [name, lines] of files) await writeLines(join(draft, name), lines);
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw fileFailure('written', folder, error);
    }
  },

  async writeText(path, parts) {
    const draft = join(dirname(path), `.${basename(path)}.millrace-${process.pid}`);
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(draft, 'w');
      try {
        for (const part of parts) await file.write(part);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw fileFailure('written', path, error);
    }
  },

  async move(from, to) {
    try {
      await mkdir(dirname(to), { recursive: true });
      await rename(from, to);
    } catch (error) {
      throw fileFailure('moved', from, error);
    }
  },

  async remove(path) {
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw fileFailure('removed', path, error);
    }
  },
};

async function* chunksOf(path: string, unpacker: Transform | undefined): AsyncGenerator<Uint8Array> {
  const bytes = createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    if (unpacker === undefined) yield* bytes as AsyncIterable<Uint8Array>;
    else {
      // `pipe` hands on bytes and the end, not an error of the file.
      bytes.once('error', (error) => unpacker.destroy(error));
      yield* bytes.pipe(unpacker) as AsyncIterable<Uint8Array>;
    }
  } catch (error) {
    throw fileFailure('read', path, error);
  } finally {
    bytes.destroy();
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function isFolderSync(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function writeLines(path: string, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let text = '';
    for await (const line of lines) {
      text += `${line}\n`;
      if (text.length < 65_536) continue;
      await file.write(text);
      text = '';
    }
    if (text !== '') await file.write(text);
    // The folder is renamed into place afterwards: by then its contents must have arrived.
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Set when whoever reads our output has gone: what is written from then on has no reader. */
let isOutputClosed = false;
let isWatching = false;

function watchOutput(): void {
  if (isWatching) return;
  isWatching = true;
  // `millrace ... | head` closes the pipe: that is no fault of the program.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw fileFailure('written', 'standard output', error);
    isOutputClosed = true;
  });
}

/** The machine as Node shows it: files, standard output and standard error. */
export const nodeHost: Host = {
  userName() {
    return userInfo().username;
  },
  async write(text) {
    watchOutput();
    if (isOutputClosed) return;
    await new Promise<void>((resolve) => {
      process.stdout.write(text, () => {
        resolve();
      });
    });
  },

  warn(text) {
    process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
  },

  files: nodeFiles,

  connect: connectTcp,

  onShutdown,

  pipe: pipeLines,

  ...(threadsOfNode === undefined ? {} : { threads: threadsOfNode }),
};

function codeOf(error: unknown): string | undefined {
  // Not `instanceof`: under test runners errors of Node come from another realm.
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

function fileFailure(action: string, path: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  if (codeOf(error) === 'ENOSPC') return failure('HOST_DISK_FULL', { path }, { cause: error });
  return failure('HOST_FILE', { path, action, reason: messageOf(error) }, { cause: error });
}
