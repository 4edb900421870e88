import { utf8Bytes } from '../../types/utf8.ts';
import { instantiate } from '../../../kernel/wasm/module.ts';
import { BlockLayout, type FieldKind, rowsAtOnce } from './block-layout.ts';
import { scanFunction } from './scan-code.ts';
import { skipFunctions } from './skip-code.ts';

/** What was noted of a field, by the record's place among those that were scanned together. */
export type FieldNotes =
  /** NaN: null. */
  | { readonly kind: 'number'; readonly values: Float64Array }
  /** 1, 0, or -1 for null. */
  | { readonly kind: 'boolean'; readonly values: Int32Array }
  /** Positions, to which `shift` is added; a start of -1 is null. */
  | { readonly kind: 'text'; readonly from: Int32Array; readonly until: Int32Array }
  | { readonly kind: 'timestamp'; readonly from: Int32Array }
  /** Null, always. */
  | { readonly kind: 'nothing' };

/**
 * Looks for the fields of many JSON records of a block at once, in WebAssembly, 16 bytes in one step. Made for one reader, which asks for
 * records of a block in order: `restart`, then for a record `i` the place `i - first` when `i < end`, or else `next`.
 */
export class BlockScanner {
  /** The records `[first, end)` of the block are in the notes. */
  first = 0;
  end = 0;
  /** What leads from a position in the notes to one in the block's bytes. */
  shift = 0;
  /** 1 for records that the scanner is sure of. */
  readonly sure: Uint8Array;
  readonly notes: readonly FieldNotes[];
  readonly #layout: BlockLayout;
  readonly #bytes: Uint8Array;
  readonly #from: Int32Array;
  readonly #until: Int32Array;
  readonly #run: (records: number) => void;

  private constructor(kinds: readonly FieldKind[], layout: BlockLayout, memory: ArrayBuffer, run: (n: number) => void) {
    this.#layout = layout;
    this.#run = run;
    this.#bytes = new Uint8Array(memory);
    this.sure = new Uint8Array(memory, layout.sure, rowsAtOnce);
    this.#from = new Int32Array(memory, layout.from, rowsAtOnce);
    this.#until = new Int32Array(memory, layout.until, rowsAtOnce);
    this.notes = kinds.map((kind, i) => notesOf(kind, i, layout, memory));
  }

  /** Undefined where WebAssembly does not run. */
  static create(fields: readonly { readonly name: string; readonly kind: FieldKind }[]): BlockScanner | undefined {
    const layout = new BlockLayout(fields.length);
    const scan = scanFunction(
      fields.map(({ name, kind }) => ({ name: utf8Bytes(name), kind })),
      layout,
    );
    const instance = instantiate([...skipFunctions(), scan], layout.size);
    if (instance === undefined) return undefined;
    const kinds = fields.map(({ kind }) => kind);
    return new BlockScanner(kinds, layout, instance.memory, instance.run);
  }

  /** Another block, or the same from its beginning. */
  restart(): void {
    this.first = 0;
    this.end = 0;
  }

  /** Scans from this record on, of `count` in all; the place of the record itself is 0. */
  next(bytes: Uint8Array, from: ArrayLike<number>, until: ArrayLike<number>, row: number, count: number): number {
    const { data, dataUntil } = this.#layout;
    const base = from[row] as number;
    const shift = base - data;
    const last = Math.min(count, row + rowsAtOnce);
    let stop = base;
    let i = row;
    for (; i < last; i++) {
      const start = from[i] as number;
      const end = until[i] as number;
      if (end < start) {
        // A record that is not there: at 0 there is none either.
        this.#from[i - row] = 0;
        this.#until[i - row] = 0;
        continue;
      }
      if (start < base || end - shift > dataUntil) break;
      this.#from[i - row] = start - shift;
      this.#until[i - row] = end - shift;
      if (end > stop) stop = end;
    }
    this.first = row;
    this.shift = shift;
    this.end = i;
    if (i === row) {
      this.end = row + 1;
      this.sure[0] = 0;
      return 0;
    }
    // Not `subarray`: of a Buffer it makes a Buffer, which takes ten times as long.
    this.#bytes.set(new Uint8Array(bytes.buffer, bytes.byteOffset + base, stop - base), data);
    this.#bytes.fill(0, stop - shift, stop - shift + 32);
    this.#run(i - row);
    return 0;
  }
}

function notesOf(kind: FieldKind, index: number, layout: BlockLayout, memory: ArrayBuffer): FieldNotes {
  const words = (at: number) => new Int32Array(memory, at, rowsAtOnce);
  switch (kind) {
    case 'int':
    case 'bigint':
    case 'double':
      return { kind: 'number', values: new Float64Array(memory, layout.field(index), rowsAtOnce) };
    case 'boolean':
      return { kind, values: words(layout.field(index)) };
    case 'text':
      return { kind, from: words(layout.field(index)), until: words(layout.ends(index)) };
    case 'timestamp':
      return { kind, from: words(layout.field(index)) };
    case 'nothing':
      return { kind };
    default:
      return kind satisfies never;
  }
}
