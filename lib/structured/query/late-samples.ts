import { lateColumnNames } from '../operators/late-rows.ts';
import type { InternalRow } from '../types/data-type.ts';

/** A row that came too late, for people. Microseconds; `key` and `row` are JSON texts. */
export interface LateRow {
  readonly operator: string;
  readonly watermarkUs?: number;
  readonly eventTimeUs?: number;
  readonly window?: readonly [startUs: number, endUs: number];
  readonly key?: string;
  readonly row: string;
}

/** A row may be a document: of each text so much is kept. */
const maxText = 500;

/** The first late rows of each batch, for whoever looks at the query while it runs. The others are counted and not kept. */
export class LateSamples {
  readonly #most: number;
  #rows: LateRow[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  begin(): void {
    this.#rows = [];
  }

  /** Whether the batch's share is not used up. */
  get hasRoom(): boolean {
    return this.#rows.length < this.#most;
  }

  /** A row in the columns of `lateColumns`. */
  take(row: InternalRow): void {
    if (!this.hasRoom) return;
    const of = (name: string): unknown => row[lateColumnNames.indexOf(name)];
    const [watermark, eventTime, key] = [of('watermark'), of('eventTime'), of('key')];
    const window = of('window') as readonly unknown[] | null;
    this.#rows.push({
      operator: String(of('operator')),
      ...(watermark === null ? {} : { watermarkUs: Number(watermark) }),
      ...(eventTime === null ? {} : { eventTimeUs: Number(eventTime) }),
      ...(window === null ? {} : { window: [Number(window[0]), Number(window[1])] as const }),
      ...(typeof key === 'string' ? { key: shortened(key) } : {}),
      row: shortened(String(of('row'))),
    });
  }

  /** Those of the batch that has begun. */
  get rows(): readonly LateRow[] {
    return this.#rows;
  }
}

function shortened(text: string): string {
  return text.length <= maxText ? text : `${text.slice(0, maxText - 1)}…`;
}
