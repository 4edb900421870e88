import { messageOf } from '../../../kernel/errors.ts';
import type { GoldenCheckpoints } from '../golden-context.ts';
import { namedClass } from './run-batches.ts';
import { startRecorded } from './start-recorded.ts';
import { codesOf, StructuredBench } from './structured-bench.ts';
import type { OutcomeCase, StructuredGoldenFile } from './structured-file.ts';

/** Tries a query that Spark accepted or rejected: what is different here, or undefined when nothing is. */
export async function runOutcome(
  one: OutcomeCase,
  file: StructuredGoldenFile,
  checkpoints: GoldenCheckpoints,
): Promise<string | undefined> {
  const bench = new StructuredBench(file, file.sources ?? {}, one.conf ?? {}, checkpoints);
  let failed: unknown;
  let where = 'in the text';
  try {
    const tmp = bench.directory();
    checkpoints.makeDirectory?.(tmp);
    if (one.outputMode === null) {
      // The text starts its queries itself; what it feeds them is there from the beginning.
      for (const step of file.inputs ?? []) bench.feed(step);
      await bench.evaluate(one.query.ts ?? '', tmp);
    } else {
      const frame = bench.query(one.query.ts ?? '', tmp);
      where = 'at the start';
      const location = `${tmp}/checkpoint`;
      const query = await startRecorded(
        frame,
        { outputMode: one.outputMode, checkpointLocation: location },
        () => undefined,
      );
      where = 'in a batch';
      for (const step of file.inputs ?? []) {
        bench.feed(step);
        await query.processAllAvailable();
      }
    }
  } catch (error) {
    failed = error;
  } finally {
    await bench.close();
  }
  if (one.outcome === 'accepted')
    return failed === undefined ? undefined : `expected to be accepted, failed ${where}: ${messageOf(failed)}`;
  if (failed === undefined) return 'expected to be rejected, was accepted';
  const wanted = one.error === undefined ? undefined : namedClass(one.error);
  const codes = codesOf(failed);
  if (codes.length === 0) return `expected a coded error, actual ${messageOf(failed)}`;
  if (wanted !== undefined && !codes.includes(wanted))
    return `expected ${wanted}, actual ${codes.join(' > ')}: ${messageOf(failed)}`;
  // What Spark finds only in its first batch has to be found before, unless the rows themselves are the cause.
  const isLate = where === 'in a batch' && one.error?.at !== 'batch';
  return isLate
    ? `expected a failure at ${one.error?.at ?? 'start'}, actual ${where}: ${messageOf(failed)}`
    : undefined;
}
