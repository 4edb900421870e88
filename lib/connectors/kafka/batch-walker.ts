import { isAscii } from 'node:buffer';
import { instantiate, type WasmInstance } from '../../kernel/wasm/module.ts';
import type { BlockBuilder } from './packed-block.ts';
import type { BatchHead, RecordArea, RecordPlace } from './record-batch.ts';
import {
  bytesAtOnce,
  deltasAt,
  inputAt,
  keySizeAt,
  keyStartAt,
  memoryBytes,
  rowsAtOnce,
  timestampsAt,
  valueSizeAt,
  valueStartAt,
  walkFunction,
  walkHead,
} from './walk-code.ts';

/** A call into WebAssembly is worth its while from here on. */
const fewRecords = 24;
/** Copying records that are larger takes as long as reading their heads in JavaScript. */
const largeBytes = 400;

/**
 * Walks over the records of a batch in WebAssembly, over a copy of some of them at a time: a record of 100 bytes takes 12 ns, copies
 * included, where the loop in JavaScript takes 24. It reads what it is sure of; damage, strange times and records that are too large stay for
 * that loop.
 */
export class BatchWalker {
  readonly #run: WasmInstance['run'];
  readonly #memory: ArrayBuffer;
  readonly #bytes: Uint8Array;
  readonly #ints: Int32Array;
  readonly #doubles: Float64Array;

  private constructor({ memory, run }: WasmInstance) {
    this.#run = run;
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory);
    this.#ints = new Int32Array(memory);
    this.#doubles = new Float64Array(memory, 0, keyStartAt >> 3);
  }

  /** Undefined where WebAssembly does not run. */
  static create(): BatchWalker | undefined {
    const instance = instantiate([walkFunction()], memoryBytes);
    return instance && new BatchWalker(instance);
  }

  /** Appends the columns of records from the first on; the place of the first one that it left, which may be behind the last. */
  walk(builder: BlockBuilder, head: BatchHead, area: RecordArea): RecordPlace {
    let place = { position: area.start, index: 0 };
    for (;;) {
      const count = head.count - place.index;
      const sizeBytes = area.end - place.position;
      if (count < fewRecords || sizeBytes > largeBytes * count) return place;
      const next = this.#walkSome(builder, head, area, place);
      if (next.index === place.index) return place;
      place = next;
    }
  }

  #walkSome(builder: BlockBuilder, head: BatchHead, area: RecordArea, { position, index }: RecordPlace): RecordPlace {
    const ints = this.#ints;
    const { baseOffset, baseTimestamp, appendTimestamp } = head;
    const left = area.end - position;
    const size = Math.min(bytesAtOnce, left, Math.ceil((left / (head.count - index)) * rowsAtOnce));
    // Not `subarray`: of a Buffer it makes a Buffer, which takes ten times as long.
    this.#bytes.set(new Uint8Array(builder.bytes.buffer, builder.bytes.byteOffset + position, size), inputAt);
    this.#doubles[walkHead.baseTimestamp >> 3] = baseTimestamp;
    ints[walkHead.fromDelta >> 2] = Math.max(area.fromOffset - baseOffset, -(2 ** 31));
    ints[walkHead.maxRecordBytes >> 2] = Math.min(area.maxRecordBytes, 2 ** 31 - 1);
    const rows = Math.min(head.count - index, rowsAtOnce);
    const kept = this.#run(inputAt + size, rows, position - inputAt) as number;
    const end = ints[walkHead.position >> 2] as number;
    const n = builder.count;
    builder.keyStart.set(this.#column(keyStartAt, kept), n);
    builder.keySize.set(this.#column(keySizeAt, kept), n);
    builder.valueStart.set(this.#column(valueStartAt, kept), n);
    builder.valueSize.set(this.#column(valueSizeAt, kept), n);
    if (appendTimestamp === undefined) builder.timestamps.set(new Float64Array(this.#memory, timestampsAt, kept), n);
    else builder.timestamps.fill(appendTimestamp, n, n + kept);
    if (kept > 0) builder.appendOffsets(baseOffset, this.#column(deltasAt, kept), ints[walkHead.hasHoles >> 2] !== 0);
    builder.count = n + kept;
    builder.hasHeaders ||= ints[walkHead.hasHeaders >> 2] !== 0;
    builder.isAscii &&= isAscii(new Uint8Array(this.#memory, inputAt, end - inputAt));
    return { position: position + end - inputAt, index: index + (ints[walkHead.walked >> 2] as number) };
  }

  #column(at: number, count: number): Int32Array {
    return new Int32Array(this.#memory, at, count);
  }
}
