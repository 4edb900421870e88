import type { Offset } from '../../io/offsets.ts';
import type { Available, SourceMemory, TableRange, TableSource } from '../../io/table-source.ts';
import type { PlannedRange, StateStore } from '../../store/state-store.ts';
import type { QuerySource } from '../operators/compiled-query.ts';
import type { SourceProgress } from './progress.ts';

/** One streaming source of a started query: where it is, and what the current trigger makes of it. */
export class SourceReader {
  /** The name under which ranges are recorded: by its place in the plan, as in Spark. */
  readonly name: string;
  readonly id: number;
  readonly source: TableSource;
  readonly #memory: SourceMemory;
  #position: Offset = {};
  #isFirst = true;
  #latest: Offset = {};

  constructor(index: number, query: QuerySource, source: TableSource, store: StateStore) {
    this.name = sourceName(index);
    this.id = query.sourceId;
    this.source = source;
    this.#memory = memoryIn(store, this.name);
  }

  get position(): Offset {
    return this.#position;
  }

  async open(from: Offset | undefined): Promise<void> {
    this.#isFirst = from === undefined;
    this.#position = await this.source.open(from, this.#memory);
  }

  async available(isUnlimited: boolean): Promise<Available> {
    const available = await this.source.available(this.#position, isUnlimited);
    this.#latest = available.latest;
    return available;
  }

  /** Goes on behind a range that was planned. */
  advance(range: TableRange): void {
    this.#position = { ...this.#position, ...range.until };
  }

  progress(range: PlannedRange | undefined, rows: number, rates: SourceRates): SourceProgress {
    const print = (offset: Offset): unknown => this.source.printOffset?.(offset) ?? offset;
    const from = range?.from ?? this.#position;
    const until = range?.until ?? this.#position;
    const latest = { ...until, ...this.#latest };
    const startOffset = this.#isFirst ? null : print(from);
    if (range !== undefined) this.#isFirst = false;
    return {
      description: this.source.description,
      startOffset,
      endOffset: print(until),
      latestOffset: print(latest),
      numInputRows: rows,
      ...rates,
      metrics: this.source.metrics?.({ from, until }, latest) ?? {},
    };
  }
}

/** Rows a second: those that came since the trigger before, and those that the batch got through. */
export interface SourceRates {
  readonly inputRowsPerSecond: number;
  readonly processedRowsPerSecond: number;
}

function sourceName(index: number): string {
  return `source-${index}`;
}

/** Whether there is anything between the ends of a range. */
export function isEmptyRange({ from, until }: TableRange): boolean {
  return Object.entries(until).every(([partition, end]) => end <= (from[partition] ?? 0));
}

function memoryIn(store: StateStore, name: string): SourceMemory {
  // Made when first asked for: most sources remember nothing but their offset.
  const table = () => store.table<string, unknown>(name, 'memory');
  return {
    get: (key) => table().get(key),
    put: (key, value) => {
      table().put(key, value);
    },
    remove: (key) => {
      table().remove(key);
    },
    entries: () => table().entries(),
  };
}
