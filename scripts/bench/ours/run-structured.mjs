/** Runs a query until it has read everything, and gives its batches as `BatchTimes` does. */
export async function runQuery(workload, { brokers, prefix, directory, master }) {
  const { recordsPerBatch } = workload;
  const batches = [];
  let read = 0;
  let finish;
  const done = new Promise((resolve) => {
    finish = resolve;
  });
  const onProgress = ({ numInputRows, batchDuration }) => {
    if (numInputRows === 0) return;
    const endedAt = performance.now();
    batches.push({
      records: numInputRows,
      processingMs: Math.max(1, batchDuration),
      startedAt: endedAt - batchDuration,
      endedAt,
    });
    read += numInputRows;
    if (read >= workload.records) finish();
  };
  const cpuBefore = process.cpuUsage();
  const { query, out } = await workload.start({ brokers, prefix, directory, master, recordsPerBatch, onProgress });
  await Promise.race([done, query.awaitTermination()]);
  const cpu = process.cpuUsage(cpuBefore);
  const rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  await query.stop();
  return { batches, cpu, rssMb, out: out() };
}
