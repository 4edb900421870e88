/**
 * A StreamingListener that keeps the times of batches with records, and resolves `done` when so many records are through.
 *
 * `processingMs` ends after the commit; `commitMs` is what follows the last output operation, the commit and nothing else here;
 * `cpuMs` is that of the whole process since the batch before, threads included.
 */
export class BatchTimes {
  batches = [];
  done;
  #seen = 0;
  #records;
  #resolve;
  #startedAt = 0;
  #outputEndedAt = 0;
  #cpuAtEnd = process.cpuUsage();

  constructor(records) {
    this.#records = records;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  onBatchStarted() {
    this.#startedAt = performance.now();
  }

  onOutputOperationCompleted() {
    this.#outputEndedAt = performance.now();
  }

  onBatchCompleted({ batchInfo }) {
    const { numRecords } = batchInfo;
    const cpu = process.cpuUsage(this.#cpuAtEnd);
    this.#cpuAtEnd = process.cpuUsage();
    if (numRecords === 0) return;
    const endedAt = performance.now();
    this.batches.push({
      records: numRecords,
      startedAt: this.#startedAt,
      endedAt,
      processingMs: endedAt - this.#startedAt,
      commitMs: endedAt - this.#outputEndedAt,
      cpuMs: (cpu.user + cpu.system) / 1000,
      deltaKeys: batchInfo.commit.changedKeys,
      deltaBytes: batchInfo.commit.sizeBytes,
    });
    this.#seen += numRecords;
    if (this.#seen >= this.#records) this.#resolve();
  }
}
