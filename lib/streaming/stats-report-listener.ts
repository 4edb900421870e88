import { host } from '../io/host.ts';
import { requireFunction } from './arguments.ts';
import type { BatchCompleted, BatchInfo, StreamingListener } from './events.ts';
import { raise } from '../kernel/errors.ts';

const percentiles = [0, 5, 10, 25, 50, 75, 90, 95, 100] as const;

/**
 * Reports, after each batch, how the delays of the last batches are spread: total delay (from boundary to end) and processing time, in the
 * words of Spark's listener of this name. To standard error unless told otherwise.
 *
 * @example
 * ssc.addStreamingListener(new StatsReportListener(100));
 */
export class StatsReportListener implements StreamingListener {
  readonly #numBatchInfos: number;
  readonly #write: (line: string) => void;
  readonly #infos: BatchInfo[] = [];

  /** `numBatchInfos` is how many batches a report covers. */
  constructor(numBatchInfos = 10, write?: (line: string) => void) {
    if (!Number.isSafeInteger(numBatchInfos) || numBatchInfos < 1) {
      raise('CONFIG_VALUE', {
        name: 'numBatchInfos',
        value: String(numBatchInfos),
        expected: 'a whole number above 0',
      });
    }
    if (write !== undefined) requireFunction('StatsReportListener', 'write', write);
    this.#numBatchInfos = numBatchInfos;
    this.#write =
      write ??
      ((line) => {
        host().warn(line);
      });
  }

  onBatchCompleted({ batchInfo }: BatchCompleted): void {
    this.#infos.push(batchInfo);
    if (this.#infos.length > this.#numBatchInfos) this.#infos.shift();
    this.#show('Total delay: ', ({ totalDelay }) => totalDelay);
    this.#show('Processing time: ', ({ processingDelay }) => processingDelay);
  }

  #show(heading: string, delayOf: (info: BatchInfo) => number | undefined): void {
    const delays = this.#infos.map(delayOf).filter((delay) => delay !== undefined);
    if (delays.length === 0) return;
    const sorted = delays.toSorted((a, b) => a - b);
    const quantiles = percentiles.map(
      (percent) => sorted[Math.min(Math.trunc((percent / 100) * sorted.length), sorted.length - 1)] ?? 0,
    );
    this.#write(`${heading}${summaryOf(delays)}`);
    this.#write(`\t${percentiles.join('%\t')}%`);
    this.#write(`\t${quantiles.map(millisecondsText).join('\t')}`);
  }
}

function summaryOf(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const stdev = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const [max, min] = [Math.max(...values), Math.min(...values)];
  const [meanText, stdevText, maxText, minText] = [mean, stdev, max, min].map((value) => value.toFixed(6));
  return `(count: ${values.length}, mean: ${meanText}, stdev: ${stdevText}, max: ${maxText}, min: ${minText})`;
}

function millisecondsText(ms: number): string {
  if (ms > 3_600_000) return `${(ms / 3_600_000).toFixed(1)} hours`;
  if (ms > 60_000) return `${(ms / 60_000).toFixed(1)} min`;
  return ms > 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(1)} ms`;
}
