import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { Offset } from '../../io/offsets.ts';
import type { FormatColumn, TableFormat } from '../../io/table-format.ts';
import type { Available, TableRange, TableSource } from '../../io/table-source.ts';
import type { TextOptions } from '../../io/text-options.ts';
import type { Clock } from '../../kernel/clock.ts';
import { raise } from '../../kernel/errors.ts';
import { durationMs } from '../../kernel/time.ts';
import { RateBlock } from './rate-block.ts';
import { wholeOption } from './whole-option.ts';

export const rateColumns: readonly FormatColumn[] = [
  ['timestamp', 'TIMESTAMP'],
  ['value', 'BIGINT'],
];

interface RateSettings {
  readonly rowsPerSecond: number;
  readonly rampUpSeconds: number;
  readonly numPartitions: number;
}

/** Numbers counted up at a rate, with the time at which each was due: `format('rate')`, for trying things out. */
export const rateTable: TableFormat = {
  columns: (options) => {
    rateSettings(options);
    return rateColumns;
  },
  stream: (options, { clock }) => new RateSource(rateSettings(options), clock),
};

function rateSettings(options: TextOptions): RateSettings {
  const problems: string[] = [];
  const rampUp = options.get('rampUpTime') ?? '0s';
  let rampUpSeconds = 0;
  if (!/^0+\s*\w*$/u.test(rampUp.trim())) {
    try {
      rampUpSeconds = Math.floor(durationMs(/^\d+$/u.test(rampUp) ? `${rampUp} seconds` : rampUp) / 1000);
    } catch {
      problems.push(`rampUpTime must be a duration such as '5s', not ${rampUp}`);
    }
  }
  const settings = {
    rowsPerSecond: wholeOption(options, 'rowsPerSecond', 1, 1, problems),
    rampUpSeconds,
    numPartitions: wholeOption(options, 'numPartitions', 1, 1, problems),
  };
  if (problems.length > 0) raise('SOURCE_OPTIONS', { format: 'rate', problems: problems.join('; ') });
  return settings;
}

const second = 'second';
/** When the source was made is part of its offsets: a batch that runs again after a restart gives the same times. */
const created = 'createdMs';

/** Positions are whole seconds since the first start. */
class RateSource implements TableSource {
  readonly description: string;
  readonly #settings: RateSettings;
  readonly #clock: Clock;
  #frozen: number | undefined;

  constructor(settings: RateSettings, clock: Clock) {
    const { rowsPerSecond, rampUpSeconds, numPartitions } = settings;
    this.description = `RateStreamV2[rowsPerSecond=${rowsPerSecond}, rampUpTimeSeconds=${rampUpSeconds}, numPartitions=${numPartitions}]`;
    this.#settings = settings;
    this.#clock = clock;
  }

  open(from: Offset | undefined): Promise<Offset> {
    return Promise.resolve(from ?? { [second]: 0, [created]: this.#clock.now() });
  }

  available(from: Offset): Promise<Available> {
    const createdMs = from[created] ?? 0;
    const now = Math.min(this.#clock.now(), this.#frozen ?? Number.POSITIVE_INFINITY);
    const reached = Math.max(from[second] ?? 0, Math.floor((now - createdMs) / 1000));
    const until = { [second]: reached, [created]: createdMs };
    return Promise.resolve({ from, until, latest: until });
  }

  freeze(): Promise<void> {
    this.#frozen = this.#clock.now();
    return Promise.resolve();
  }

  // oxlint-disable-next-line typescript/require-await
  async *read({ from, until }: TableRange): AsyncGenerator<ColumnarBlock, void, undefined> {
    const [start, end] = [from[second] ?? 0, until[second] ?? 0];
    const [first, last] = [valueAtSecond(start, this.#settings), valueAtSecond(end, this.#settings)];
    const msPerValue = ((end - start) * 1000) / (last - first);
    const startMs = (from[created] ?? 0) + start * 1000;
    for (let value = first; value < last; value += blockRows) {
      yield new RateBlock(
        value,
        Math.min(last, value + blockRows),
        (n) => startMs + Math.round((n - first) * msPerValue),
      );
    }
  }

  printOffset(offset: Offset): unknown {
    return offset[second] ?? 0;
  }

  commit(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const blockRows = 8192;

/** How many values there are before a second: while it ramps up, the rate grows by the same amount each second. */
export function valueAtSecond(
  seconds: number,
  { rowsPerSecond, rampUpSeconds }: Omit<RateSettings, 'numPartitions'>,
): number {
  const growth = Math.floor(rowsPerSecond / (rampUpSeconds + 1));
  if (seconds <= rampUpSeconds) return (growth * seconds * (seconds + 1)) / 2;
  const ramped = (growth * rampUpSeconds * (rampUpSeconds + 1)) / 2;
  return ramped + (seconds - rampUpSeconds) * rowsPerSecond;
}
