import type { OperatorId } from '../kernel/operator-id.ts';
import type { ReceivedBlock, ReceivedLog } from '../store/received-log.ts';
import type { Environment } from './environment.ts';
import { parseReceivedKey, receivedKey } from './keys.ts';

const countBytes = 4;

/** Received blocks beside the state they will go into: a value is the number of records, then the block's bytes. */
export class LmdbReceivedLog implements ReceivedLog {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  append(input: OperatorId, blocks: readonly ReceivedBlock[]): void {
    if (blocks.length === 0) return;
    this.#environment.transact('recording received blocks', (writing) => {
      for (const { number, records, bytes } of blocks) {
        const value = new Uint8Array(countBytes + bytes.length);
        new DataView(value.buffer).setUint32(0, records);
        value.set(bytes, countBytes);
        writing.put(receivedKey(input, number), value);
      }
    });
  }

  list(input: OperatorId): readonly Omit<ReceivedBlock, 'bytes'>[] {
    return this.#environment.keys(receivedKey(input, 0), receivedKey(input, 2 ** 48 - 1)).map((key) => {
      const value = this.#environment.get(key) ?? this.#environment.damaged('a received block has gone');
      return { number: parseReceivedKey(key), records: viewOf(value).getUint32(0) };
    });
  }

  read(input: OperatorId, number: number): Uint8Array | undefined {
    return this.#environment.get(receivedKey(input, number))?.subarray(countBytes);
  }

  dropBelow(input: OperatorId, number: number): void {
    const keys = this.#environment.keys(receivedKey(input, 0), receivedKey(input, number));
    if (keys.length === 0) return;
    this.#environment.transact('dropping received blocks', (writing) => {
      for (const key of keys) writing.remove(key);
    });
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
