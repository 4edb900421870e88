import { failure } from '../../kernel/errors.ts';
import type { OperatorFigures } from './progress-reporter.ts';

/** What one operator did since the count began anew. */
interface Growth {
  readonly fromRows: number;
  lastRows: number;
  batches: number;
  /** Batches that left more rows than they found. */
  grown: number;
}

/**
 * Warns of state that only grows: when over so many batches rows were added in at least half of them and none ever went. Then it counts
 * anew, so that it is said once in so many batches and not in each.
 */
export class GrowthAlarm {
  readonly #batches: number;
  readonly #warn: (text: string) => void;
  readonly #growth = new Map<string, Growth>();

  /** @param batches 0 says nothing ever */
  constructor(batches: number, warn: (text: string) => void) {
    this.#batches = batches;
    this.#warn = warn;
  }

  /** After each batch. */
  look(states: readonly OperatorFigures[]): void {
    if (this.#batches === 0) return;
    for (const { id, metrics } of states) {
      const growth = this.#growth.get(id);
      const isShrinking = metrics.rowsRemoved > 0 || metrics.rowsEvicted > 0;
      if (growth === undefined || isShrinking || metrics.rowsTotal < growth.lastRows) {
        this.#growth.set(id, startOf(metrics.rowsTotal));
        continue;
      }
      growth.batches += 1;
      if (metrics.rowsTotal > growth.lastRows) growth.grown += 1;
      growth.lastRows = metrics.rowsTotal;
      if (growth.batches >= this.#batches) this.#tell(id, growth);
    }
  }

  #tell(operator: string, { fromRows, lastRows, batches, grown }: Growth): void {
    if (grown * 2 >= batches) {
      this.#warn(failure('QUERY_STATE_GROWS', { operator, grown, batches, from: fromRows, until: lastRows }).message);
    }
    this.#growth.set(operator, startOf(lastRows));
  }
}

function startOf(rows: number): Growth {
  return { fromRows: rows, lastRows: rows, batches: 0, grown: 0 };
}
