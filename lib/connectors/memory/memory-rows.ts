import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { Offset } from '../../io/offsets.ts';
import type {
  Available,
  OpensTableSource,
  RangePart,
  RowsAtHand,
  TableRange,
  TableSource,
} from '../../io/table-source.ts';
import { raise } from '../../kernel/errors.ts';
import { RowsBlock } from '../../io/rows-block.ts';

const partition = '0';
/** Rows that are handed on at a time. */
const blockRows = 4096;

/**
 * Rows that a program adds while queries read them: all that were added since the last batch are the next one. They are kept, so that a
 * batch can run again and a query can be started anew, for as long as this object lives.
 */
export class MemoryRows implements OpensTableSource {
  readonly #names: readonly string[];
  readonly #rows: (readonly unknown[])[] = [];
  /** One for all who wait: who asks again and again leaves nothing behind. */
  #change: Promise<void> | undefined;
  #tell: (() => void) | undefined;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Adds internal rows; the offset behind them. */
  add(rows: Iterable<readonly unknown[]>): number {
    for (const row of rows) this.#rows.push(row);
    this.#tell?.();
    this.#change = undefined;
    return this.#rows.length;
  }

  get end(): number {
    return this.#rows.length;
  }

  tableSource(): TableSource {
    return new MemorySource(this);
  }

  *blocks(from: number, until: number): Generator<ColumnarBlock, void, undefined> {
    if (until > this.#rows.length) {
      raise('SOURCE_BEYOND_END', { partition: 'the memory stream', offset: until, latest: this.#rows.length });
    }
    for (let first = from; first < until; first += blockRows) {
      const rows = this.#rows.slice(first, Math.min(until, first + blockRows));
      yield new RowsBlock(this.#names, rows, (row) => ({ row: first + row }));
    }
  }

  atHand(first: number, until: number): RowsAtHand {
    return { names: this.#names, rows: this.#rows.slice(first, until), first };
  }

  async changed(after: number): Promise<void> {
    if (this.#rows.length > after) return;
    this.#change ??= new Promise((resolve) => {
      this.#tell = resolve;
    });
    await this.#change;
  }
}

class MemorySource implements TableSource {
  readonly description = 'MemoryStream';
  readonly #rows: MemoryRows;
  #frozen: number | undefined;
  #seen = 0;

  constructor(rows: MemoryRows) {
    this.#rows = rows;
  }

  open(from: Offset | undefined): Promise<Offset> {
    return Promise.resolve(from ?? { [partition]: 0 });
  }

  available(from: Offset): Promise<Available> {
    const end = Math.min(this.#rows.end, this.#frozen ?? Number.POSITIVE_INFINITY);
    this.#seen = end;
    const until = { [partition]: Math.max(end, from[partition] ?? 0) };
    return Promise.resolve({ from, until, latest: until });
  }

  freeze(): Promise<void> {
    this.#frozen = this.#rows.end;
    return Promise.resolve();
  }

  async *read({ from, until }: TableRange): AsyncGenerator<ColumnarBlock, void, undefined> {
    yield* this.#rows.blocks(from[partition] ?? 0, until[partition] ?? 0);
  }

  divide({ from, until }: TableRange, parts: number): readonly RangePart[] {
    const [first, end] = [from[partition] ?? 0, until[partition] ?? 0];
    const at = (part: number): number => first + Math.floor(((end - first) * part) / parts);
    return Array.from({ length: parts }, (_, part) => {
      const range = { from: { [partition]: at(part) }, until: { [partition]: at(part + 1) } };
      return { range, rows: this.#rows.atHand(at(part), at(part + 1)) };
    });
  }

  async changed(): Promise<void> {
    await this.#rows.changed(this.#seen);
  }

  printOffset(offset: Offset): unknown {
    return offset[partition] ?? 0;
  }

  commit(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
