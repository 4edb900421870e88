import { existsSync, fsyncSync, openSync, closeSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { crc32c } from '@node-rs/crc32';
import { raise } from '../../kernel/errors.ts';
import { AppendFile } from './append-file.ts';
import type { Json, MetadataKey, MetadataStore } from './metadata-store.ts';

/** Length and checksum in front of each entry. */
const prefixBytes = 8;
/** The log is rewritten when it is this much larger than what it says. */
const slackBytes = 4_194_304;

interface Entry {
  readonly key: MetadataKey;
  /** The whole entry as it lies in the log. */
  readonly bytes: Buffer;
  readonly value: Json;
}

/**
 * Metadata as a log of changes in one file: an entry per `put`, the last one of a key counts.
 *
 * A torn last entry is dropped. From time to time, and at each start, the log is rewritten without what was overwritten; the new file takes the place of the
 * old in one step.
 */
export class MetadataLog implements MetadataStore {
  readonly #path: string;
  readonly #entries = new Map<string, Entry>();
  #file: AppendFile;
  #liveBytes = 0;

  constructor(path: string) {
    this.#path = path;
    if (existsSync(path)) this.#load();
    this.#file = this.#rewrite();
  }

  put(key: MetadataKey, value: Json | undefined): void {
    const bytes = encode(key, value);
    this.#file.append(bytes);
    this.#apply(key, value, bytes);
    if (this.#file.sizeBytes > 2 * this.#liveBytes + slackBytes) {
      this.#file.close();
      this.#file = this.#rewrite();
    }
  }

  *entries(kind: string): Iterable<readonly [MetadataKey, Json]> {
    for (const { key, value } of this.#entries.values()) if (key[0] === kind) yield [key, value];
  }

  close(): void {
    this.#file.close();
  }

  #load(): void {
    const bytes = readFileSync(this.#path);
    let at = 0;
    while (at + prefixBytes <= bytes.length) {
      const end = at + prefixBytes + bytes.readUInt32BE(at);
      if (end > bytes.length) break;
      const body = bytes.subarray(at + prefixBytes, end);
      if (crc32c(body) !== bytes.readUInt32BE(at + 4)) {
        if (end === bytes.length) break;
        raise('BROKER_DIR_DAMAGED', { dir: this.#path, what: `the entry at byte ${at} has a wrong checksum` });
      }
      const [key, value] = JSON.parse(body.toString('utf8')) as [MetadataKey, Json?];
      this.#apply(key, value, Buffer.from(bytes.subarray(at, end)));
      at = end;
    }
  }

  #apply(key: MetadataKey, value: Json | undefined, bytes: Buffer): void {
    const id = JSON.stringify(key);
    this.#liveBytes -= this.#entries.get(id)?.bytes.length ?? 0;
    this.#entries.delete(id);
    if (value === undefined) return;
    this.#entries.set(id, { key, value, bytes });
    this.#liveBytes += bytes.length;
  }

  #rewrite(): AppendFile {
    const next = `${this.#path}.next`;
    const bytes = Buffer.concat([...this.#entries.values()].map((entry) => entry.bytes));
    writeFileSync(next, bytes);
    const descriptor = openSync(next, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(next, this.#path);
    return AppendFile.open(this.#path, bytes.length);
  }
}

function encode(key: MetadataKey, value: Json | undefined): Buffer {
  const body = Buffer.from(JSON.stringify(value === undefined ? [key] : [key, value]));
  const prefix = Buffer.allocUnsafe(prefixBytes);
  prefix.writeUInt32BE(body.length);
  prefix.writeUInt32BE(crc32c(body), 4);
  return Buffer.concat([prefix, body]);
}
