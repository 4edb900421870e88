import type { FileEntry, Host } from '../../../lib/io/host.ts';
import { raise } from '../../../lib/kernel/errors.ts';

interface FakeFile {
  readonly bytes: Uint8Array;
  readonly modifiedMs: number;
}

/** A machine in memory: files with the times that a spec gives them, and servers that send what it tells them to. */
export class FakeHost implements Host {
  readonly warnings: string[] = [];
  /** What was written to standard output. */
  printed = '';
  /** How often a folder was listed. */
  listed = 0;
  /** So many more listings fail. */
  failing = 0;
  readonly #files = new Map<string, FakeFile>();
  readonly #servers = new Map<string, FakeServer>();

  put(path: string, content: string | Uint8Array, modifiedMs: number): void {
    this.#files.set(path, {
      bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
      modifiedMs,
    });
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  serve(address: string): FakeServer {
    const server = new FakeServer();
    this.#servers.set(address, server);
    return server;
  }

  async write(text: string): Promise<void> {
    this.printed += text;
    await Promise.resolve();
  }

  warn(text: string): void {
    this.warnings.push(text);
  }

  async connect(address: string, port: number, until: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const server = this.#servers.get(`${address}:${port}`);
    if (server === undefined || !server.isUp) {
      raise('HOST_CONNECTION', { address: `${address}:${port}`, action: 'reached', reason: 'connection refused' });
    }
    return await Promise.resolve(server.connection(until));
  }

  readonly files = {
    exists: async (path: string): Promise<boolean> => await Promise.resolve(this.files.existsSync(path)),
    /** A folder is there when a file is in it. */
    existsSync: (path: string): boolean =>
      this.#files.has(path) || [...this.#files.keys()].some((name) => name.startsWith(`${path}/`)),
    namesSync: (folder: string): readonly { name: string; isFolder: boolean }[] | undefined => {
      if (this.#files.has(folder)) return undefined;
      const below = [...this.#files.keys()].filter((path) => path.startsWith(`${folder}/`));
      const parts = below.map((path) => path.slice(folder.length + 1).split('/'));
      return [...new Map(parts.map(([name = '', ...rest]) => [name, rest.length > 0]))].map(([name, isFolder]) => ({
        name,
        isFolder,
      }));
    },
    readTextSync: (path: string): string => new TextDecoder().decode(this.#at(path)),
    readText: async (path: string): Promise<string> => await Promise.resolve(new TextDecoder().decode(this.#at(path))),
    readBytes: async (path: string): Promise<Uint8Array> => await Promise.resolve(this.#at(path)),
    unpackedChunks: (path: string): AsyncIterable<Uint8Array> => pieces(() => this.#at(path)),
    chunks: (path: string): AsyncIterable<Uint8Array> => pieces(() => this.#at(path)),
    list: async (folder: string): Promise<readonly FileEntry[]> => {
      this.listed += 1;
      const entries = [...this.#files.keys()].filter((path) => path.slice(0, path.lastIndexOf('/')) === folder);
      if (this.failing > 0) this.failing -= 1;
      else if (entries.length > 0 || (!this.#files.has(folder) && this.files.existsSync(folder)))
        return await Promise.resolve(entries.map((path) => this.#entry(path)));
      return raise('HOST_FILE', { path: folder, action: 'listed', reason: 'ENOENT' });
    },
    folders: async (folder: string): Promise<readonly string[]> => {
      const above = folder === '.' ? '' : `${folder}/`;
      const below = [...this.#files.keys()].filter((path) => path.startsWith(above));
      const names = below.map((path) => path.slice(above.length).split('/')).filter((parts) => parts.length > 1);
      return await Promise.resolve([...new Set(names.map(([name = '']) => name))]);
    },
    entry: async (path: string): Promise<FileEntry | undefined> =>
      await Promise.resolve(this.#files.has(path) ? this.#entry(path) : undefined),
    writeFolder: async (folder: string, files: Parameters<Host['files']['writeFolder']>[1]): Promise<void> => {
      for await (const [name, lines] of files) {
        let text = '';
        for await (const line of lines) text += `${line}\n`;
        this.put(`${folder}/${name}`, text, 0);
      }
    },
    writeText: async (path: string, parts: Iterable<string>): Promise<void> => {
      this.put(path, [...parts].join(''), 0);
      await Promise.resolve();
    },
    move: async (from: string, to: string): Promise<void> => {
      this.put(to, this.#at(from), this.#entry(from).modifiedMs);
      this.remove(from);
      await Promise.resolve();
    },
    remove: async (path: string): Promise<void> => {
      this.remove(path);
      await Promise.resolve();
    },
  };

  #at(path: string): Uint8Array {
    return this.#files.get(path)?.bytes ?? raise('HOST_FILE', { path, action: 'read', reason: 'ENOENT' });
  }

  #entry(path: string): FileEntry {
    const { bytes, modifiedMs } = this.#files.get(path) as FakeFile;
    return { name: path.slice(path.lastIndexOf('/') + 1), sizeBytes: bytes.length, modifiedMs };
  }
}

/** In pieces of three bytes: no record may depend on where they are cut. */
async function* pieces(read: () => Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = read();
  for (let at = 0; at < bytes.length; at += 3) yield await Promise.resolve(bytes.subarray(at, at + 3));
}

export class FakeServer {
  isUp = true;
  connections = 0;
  #queue: (string | null)[] = [];
  #wake: (() => void) | undefined;
  /** Pieces that were read. */
  read = 0;

  send(text: string): void {
    this.#queue.push(text);
    this.#wake?.();
  }

  /** Ends the connection, as a server that goes down does. */
  hangUp(): void {
    this.#queue.push(null);
    this.#wake?.();
  }

  async *connection(until: AbortSignal): AsyncGenerator<Uint8Array> {
    this.connections += 1;
    const aborted = new Promise<void>((resolve) => {
      until.addEventListener('abort', () => {
        resolve();
      });
    });
    while (!until.aborted) {
      const next = this.#queue.shift();
      if (next === null) return;
      if (next !== undefined) {
        this.read += 1;
        yield new TextEncoder().encode(next);
        continue;
      }
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([woken, aborted]);
    }
  }
}
