import type { OperatorId } from '../kernel/operator-id.ts';
import type { ReceivedBlock, ReceivedLog } from './received-log.ts';

/** Received blocks for as long as the store lives. */
export class MemoryReceivedLog implements ReceivedLog {
  readonly #inputs = new Map<OperatorId, Map<number, ReceivedBlock>>();

  append(input: OperatorId, blocks: readonly ReceivedBlock[]): void {
    const held = this.#inputs.get(input) ?? new Map<number, ReceivedBlock>();
    this.#inputs.set(input, held);
    for (const block of blocks) held.set(block.number, block);
  }

  list(input: OperatorId): readonly Omit<ReceivedBlock, 'bytes'>[] {
    return [...(this.#inputs.get(input)?.values() ?? [])]
      .map(({ number, records }) => ({ number, records }))
      .toSorted((a, b) => a.number - b.number);
  }

  read(input: OperatorId, number: number): Uint8Array | undefined {
    return this.#inputs.get(input)?.get(number)?.bytes;
  }

  dropBelow(input: OperatorId, number: number): void {
    const held = this.#inputs.get(input);
    for (const known of held?.keys() ?? []) if (known < number) held?.delete(known);
  }
}
