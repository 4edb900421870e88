import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { Offset } from '../../io/offsets.ts';
import type { TableFormat } from '../../io/table-format.ts';
import type { Available, TableRange, TableSource } from '../../io/table-source.ts';
import type { TextOptions } from '../../io/text-options.ts';
import { raise } from '../../kernel/errors.ts';
import { RateBlock } from './rate-block.ts';
import { rateColumns } from './rate-table.ts';
import { wholeOption } from './whole-option.ts';

interface Settings {
  readonly rowsPerBatch: number;
  readonly startTimestampMs: number;
  readonly advanceMs: number;
}

/** The same number of rows in every batch, with times of their own: `format('rate-micro-batch')`, whose output is always the same. */
export const rateMicroBatchTable: TableFormat = {
  columns: (options) => {
    settingsOf(options);
    return rateColumns;
  },
  stream: (options) => new RateMicroBatchSource(settingsOf(options)),
};

function settingsOf(options: TextOptions): Settings {
  const problems: string[] = [];
  if (options.get('rowsPerBatch') === undefined) problems.push('rowsPerBatch is missing');
  const settings = {
    rowsPerBatch: wholeOption(options, 'rowsPerBatch', 1, 1, problems),
    startTimestampMs: wholeOption(options, 'startTimestamp', 0, 0, problems),
    advanceMs: wholeOption(options, 'advanceMillisPerBatch', 1000, 0, problems),
  };
  wholeOption(options, 'numPartitions', 1, 1, problems);
  if (problems.length > 0) raise('SOURCE_OPTIONS', { format: 'rate-micro-batch', problems: problems.join('; ') });
  return settings;
}

const row = 'offset';
const time = 'timestamp';
const blockRows = 8192;

class RateMicroBatchSource implements TableSource {
  readonly description: string;
  readonly #settings: Settings;
  #isFrozen = false;
  /** With a frozen end one batch is left. */
  #end: Offset | undefined;

  constructor(settings: Settings) {
    this.description = `RatePerMicroBatchStream[rowsPerBatch=${settings.rowsPerBatch}, startTimestamp=${settings.startTimestampMs}, advanceMillisPerBatch=${settings.advanceMs}]`;
    this.#settings = settings;
  }

  open(from: Offset | undefined): Promise<Offset> {
    return Promise.resolve(from ?? { [row]: 0, [time]: this.#settings.startTimestampMs });
  }

  available(from: Offset): Promise<Available> {
    const next = {
      [row]: (from[row] ?? 0) + this.#settings.rowsPerBatch,
      [time]: (from[time] ?? 0) + this.#settings.advanceMs,
    };
    if (this.#isFrozen) this.#end ??= next;
    const until = this.#end ?? next;
    return Promise.resolve({ from, until, latest: until });
  }

  freeze(): Promise<void> {
    this.#isFrozen = true;
    return Promise.resolve();
  }

  // oxlint-disable-next-line typescript/require-await
  async *read({ from, until }: TableRange): AsyncGenerator<ColumnarBlock, void, undefined> {
    const end = until[row] ?? 0;
    const timeMs = from[time] ?? 0;
    for (let first = from[row] ?? 0; first < end; first += blockRows) {
      yield new RateBlock(first, Math.min(end, first + blockRows), () => timeMs);
    }
  }

  commit(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
