import { attemptOf } from '../batch/batch-plan.ts';
import type { OperatorFigures } from '../kernel/operator-figures.ts';
import type { Time } from '../kernel/time.ts';
import type { CommitStats } from '../store/state-store.ts';
import type { BatchInfo, OutputOperationInfo, StreamInputInfo } from './events.ts';
import type { PlannedBatch } from './batch-planner.ts';

/** What is known of one batch while it goes through the engine, as events tell it. */
export class BatchRecord {
  #planned: PlannedBatch;
  readonly submissionTime: Time;
  readonly isCatchUp: boolean;
  #inputs: Readonly<Record<number, StreamInputInfo>> = {};
  #startTime: Time | undefined;
  #endTime: Time | undefined;
  #failureReason: string | undefined;
  #commit: CommitStats | undefined;
  #operators: readonly OperatorFigures[] | undefined;
  readonly #operations = new Map<number, OutputOperationInfo>();
  isSubmitted = false;

  constructor(planned: PlannedBatch, submissionTime: Time, isCatchUp: boolean) {
    this.#planned = planned;
    this.submissionTime = submissionTime;
    this.isCatchUp = isCatchUp;
  }

  get planned(): PlannedBatch {
    return this.#planned;
  }

  /** The batch is run once more, as another attempt. */
  beginAgain(): void {
    const { plan } = this.#planned;
    this.#planned = { ...this.#planned, plan: { ...plan, attempt: attemptOf(plan) + 1 } };
  }

  get time(): Time {
    return this.planned.time;
  }

  get attempt(): number {
    return attemptOf(this.planned.plan);
  }

  get records(): number {
    return Object.values(this.#inputs).reduce((sum, input) => sum + input.numRecords, 0);
  }

  setInputs(inputs: readonly StreamInputInfo[]): void {
    this.#inputs = Object.fromEntries(inputs.map((input) => [input.inputStreamId, input]));
  }

  get hasStarted(): boolean {
    return this.#startTime !== undefined;
  }

  started(now: Time): void {
    this.#startTime = now;
  }

  setOperators(operators: readonly OperatorFigures[] | undefined): void {
    this.#operators = operators;
  }

  ended(now: Time, failureReason?: string, commit?: CommitStats): void {
    this.#endTime = now;
    this.#failureReason = failureReason;
    this.#commit = commit;
  }

  setOperation(info: OutputOperationInfo): void {
    this.#operations.set(info.id, info);
  }

  get info(): BatchInfo {
    const start = this.#startTime;
    const end = this.#endTime;
    return {
      batchTime: this.time,
      streamIdToInputInfo: this.#inputs,
      submissionTime: this.submissionTime,
      ...(start === undefined ? {} : { processingStartTime: start, schedulingDelay: start - this.submissionTime }),
      ...(start === undefined || end === undefined
        ? {}
        : { processingEndTime: end, processingDelay: end - start, totalDelay: end - this.submissionTime }),
      outputOperationInfos: Object.fromEntries(this.#operations),
      numRecords: this.records,
      isCatchUp: this.isCatchUp,
      ...(this.#failureReason === undefined ? {} : { failureReason: this.#failureReason }),
      ...(this.#commit === undefined ? {} : { commit: this.#commit }),
      ...(this.#operators === undefined ? {} : { operators: this.#operators }),
    };
  }
}
