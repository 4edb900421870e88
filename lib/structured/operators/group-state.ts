import { raise } from '../../kernel/errors.ts';
import { type Duration, durationMs } from '../../kernel/time.ts';
import type { GroupStateProgram } from '../plan/user-programs.ts';
import type { RowObject } from './row-objects.ts';

/** What a call did to the state of its key. */
export interface GroupStateOutcome {
  readonly value: unknown;
  readonly isUpdated: boolean;
  readonly isRemoved: boolean;
  readonly timeoutMs: number | null;
}

export interface GroupStateInput {
  readonly value: RowObject | undefined;
  readonly hasTimedOut: boolean;
  readonly timeout: GroupStateProgram['timeout'];
  readonly watermarkMs: number | undefined;
  readonly processingTimeMs: number;
}

/**
 * The state of one key, for one call of the function of `flatMapGroupsWithState`. A timeout holds until the next call for the key; it has
 * to be set again in each.
 */
export class GroupState {
  /** What a call did, for the operator alone. */
  static outcomeOf(state: GroupState): GroupStateOutcome {
    return {
      value: state.#value,
      isUpdated: state.#isUpdated,
      isRemoved: state.#isRemoved,
      timeoutMs: state.#timeoutMs,
    };
  }

  readonly #input: GroupStateInput;
  #value: unknown;
  #isUpdated = false;
  #isRemoved = false;
  #timeoutMs: number | null = null;

  constructor(input: GroupStateInput) {
    this.#input = input;
    this.#value = input.value;
  }

  get exists(): boolean {
    return this.#value !== undefined;
  }

  get hasTimedOut(): boolean {
    return this.#input.hasTimedOut;
  }

  /** The state; it must exist. */
  get(): RowObject {
    if (this.#value === undefined) {
      return raise('STATE_NOT_THERE', { call: 'state.get()' });
    }
    return this.#value as RowObject;
  }

  /** The state, or null. */
  getOption(): RowObject | null {
    return (this.#value as RowObject | undefined) ?? null;
  }

  update(value: unknown): void {
    this.#value = value;
    this.#isUpdated = true;
    this.#isRemoved = false;
  }

  remove(): void {
    this.#value = undefined;
    this.#isUpdated = false;
    this.#isRemoved = true;
  }

  /** For `ProcessingTimeTimeout`: times out this long after the batch began. */
  setTimeoutDuration(duration: Duration): void {
    if (this.#input.timeout !== 'ProcessingTimeTimeout') {
      raise('STATE_TIMEOUT_INVALID', {
        call: 'setTimeoutDuration',
        given: String(duration),
        why: `the operator was declared with ${this.#input.timeout}`,
      });
    }
    this.#timeoutMs = this.#input.processingTimeMs + durationMs(duration);
  }

  /** For `EventTimeTimeout`: times out when the watermark has passed this time. */
  setTimeoutTimestamp(time: number | Date, additional?: Duration): void {
    const ms = Number(time) + (additional === undefined ? 0 : durationMs(additional));
    const { timeout, watermarkMs } = this.#input;
    const refuse = (why: string): never =>
      raise('STATE_TIMEOUT_INVALID', { call: 'setTimeoutTimestamp', given: String(ms), why });
    if (timeout !== 'EventTimeTimeout') refuse(`the operator was declared with ${timeout}`);
    if (!Number.isFinite(ms) || ms <= 0) refuse('it is no time after the epoch');
    if (watermarkMs !== undefined && ms <= watermarkMs) refuse(`the watermark is at ${watermarkMs} already`);
    this.#timeoutMs = Math.floor(ms);
  }

  /** 0 before the first watermark. */
  getCurrentWatermarkMs(): number {
    if (this.#input.watermarkMs === undefined) {
      return raise('STATE_TIMEOUT_INVALID', {
        call: 'getCurrentWatermarkMs',
        given: 'a stream without a watermark',
        why: 'there is none to be told',
      });
    }
    return this.#input.watermarkMs;
  }

  getCurrentProcessingTimeMs(): number {
    return this.#input.processingTimeMs;
  }
}
