import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

/**
 * A file that only grows: each append is there as a whole or not at all, as long as the process lives.
 *
 * Calls are synchronous: they end in the page cache of the operating system, where they outlive the process.
 */
export class AppendFile {
  readonly path: string;
  readonly #descriptor: number;
  #sizeBytes: number;
  #isOpen = true;

  private constructor(path: string, descriptor: number, sizeBytes: number) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#sizeBytes = sizeBytes;
  }

  static create(path: string): AppendFile {
    return new AppendFile(path, openSync(path, 'wx+'), 0);
  }

  /** Opens what is there and cuts it to the bytes that were found good. */
  static open(path: string, sizeBytes: number): AppendFile {
    const descriptor = openSync(path, 'r+');
    ftruncateSync(descriptor, sizeBytes);
    return new AppendFile(path, descriptor, sizeBytes);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Throws what the operating system says, such as ENOSPC; the file is then as it was. */
  append(bytes: Buffer): void {
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, this.#sizeBytes + written);
      }
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#sizeBytes);
      throw error;
    }
    this.#sizeBytes += bytes.length;
  }

  read(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const count = readSync(this.#descriptor, bytes, read, length - read, position + read);
      if (count === 0) break;
      read += count;
    }
    return bytes.subarray(0, read);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#descriptor);
  }

  remove(): void {
    this.close();
    unlinkSync(this.path);
  }
}
