import { messageOf, MillraceError } from '../../kernel/errors.ts';
import { countText } from '../output/amounts.ts';
import { valueText } from '../state/value-text.ts';
import type { SteppedBatch, Stepper } from './stepper.ts';

/** What a step came to. */
export interface StepResult {
  readonly batches: readonly SteppedBatch[];
  /** What there is to say beside the batches. */
  readonly said?: string;
}

/** Why there may be no way back. */
const refusals: ReadonlySet<string> = new Set(['STATE_VERSION_NOT_RETAINED', 'STREAM_QUEUE_NOT_RECOVERABLE']);

/** So many batches are run for one word at most. */
const maxBatches = 100_000;

/**
 * Where the words of the terminal and the buttons of the page meet: one after the other, each told of what the other did. A batch that fails
 * ends the stepping for both.
 */
export class StepDesk {
  readonly stepper: Stepper;
  readonly #shown: (batch: SteppedBatch) => void;
  #last: SteppedBatch | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #end: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  /** Settles when somebody ends the stepping, or a batch fails. */
  readonly ended: Promise<void>;

  /** `shown` is told of each batch that was run, whoever asked for it. */
  constructor(stepper: Stepper, shown: (batch: SteppedBatch) => void) {
    this.stepper = stepper;
    this.#shown = shown;
    this.ended = new Promise<void>((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    this.ended.catch(() => undefined);
  }

  /** Runs the next batch. */
  async next(): Promise<StepResult> {
    return await this.#inTurn(async () => {
      const batch = await this.#run();
      return batch === undefined ? { batches: [], said: 'There is nothing new.' } : { batches: [batch] };
    });
  }

  /** `1767225600000` runs until that batch was run, `+5` five batches. Undefined: the text is neither. */
  async to(text: string): Promise<StepResult | undefined> {
    const [, plus, digits] = /^(\+?)(\d+)$/u.exec(text) ?? [];
    if (digits === undefined) return undefined;
    return await this.#inTurn(async () => {
      let last: SteppedBatch | undefined;
      for (let count = 1; count <= maxBatches; count++) {
        const batch = await this.#run();
        if (batch === undefined) return { batches: last === undefined ? [] : [last], said: 'There is nothing new.' };
        last = batch;
        if (plus === '+' ? count >= Number(digits) : batch.batch >= Number(digits)) break;
      }
      return { batches: last === undefined ? [] : [last] };
    });
  }

  /** Winds the state back by one batch. Where there is no way back, the program stays where it is and the reason is said. */
  async back(): Promise<StepResult> {
    return await this.#inTurn(async () => {
      try {
        const version = await this.stepper.back();
        return {
          batches: [],
          said: `The state is that of version ${version}. The next batch is the one that was run last, over the same ranges.`,
        };
      } catch (error) {
        if (!(error instanceof MillraceError) || !refusals.has(error.code)) throw error;
        return { batches: [], said: messageOf(error) };
      }
    });
  }

  /** What one step gave in the last batch, all of its sample. */
  show(step: string): string {
    const operators = this.#last?.operators ?? [];
    const found = operators.find(({ id }) => id === step);
    if (found === undefined) {
      return `Steps: ${operators.map(({ id }) => id).join(', ') || 'none yet; run a batch first'}.`;
    }
    const sample = (found.sample ?? []).map((value) => `  ${valueText(value)}`);
    return [`${found.id} gave ${countText(found.rows, 'value')}`, ...sample].join('\n');
  }

  end(): void {
    this.#end();
  }

  async #run(): Promise<SteppedBatch | undefined> {
    const batch = await this.stepper.next();
    if (batch === undefined) return undefined;
    this.#last = batch;
    this.#shown(batch);
    return batch;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    try {
      return await mine;
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }
}
