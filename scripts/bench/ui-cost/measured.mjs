const warmUpBatches = 100;
const windows = Number(process.env.UI_COST_WINDOWS ?? '10');
const batchesPerWindow = 40;

/**
 * Told of each batch with records; after those that warm the program up it measures so many windows of two seconds, prints one line of JSON
 * and has the program end. CPU is that of the whole process: its threads, its collections of garbage and its server, where it has one.
 */
export function measured(stop) {
  const done = [];
  let batches = 0;
  let window;
  return (count, tookMs) => {
    // What a crowded machine comes too late for is one batch with the records, and empty ones.
    if (count === 0) return;
    batches += 1;
    if (window !== undefined) {
      window.records += count;
      window.workSeconds += tookMs / 1000;
    }
    if (batches < warmUpBatches || (batches - warmUpBatches) % batchesPerWindow !== 0) return;
    if (window !== undefined) done.push(ended(window));
    window = { records: 0, workSeconds: 0, cpu: process.cpuUsage(), startedMs: performance.now() };
    if (done.length < windows) return;
    process.stdout.write(`${JSON.stringify(done)}\n`);
    setImmediate(() => stop());
  };
}

function ended({ records, workSeconds, cpu, startedMs }) {
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedMs) / 1000;
  return { records, workSeconds, seconds, batches: batchesPerWindow, cpuSeconds: (user + system) / 1e6 };
}
