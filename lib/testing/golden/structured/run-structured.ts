import { messageOf } from '../../../kernel/errors.ts';
import type { GoldenCheckpoints } from '../golden-context.ts';
import type { GoldenResult } from '../golden-result.ts';
import { runBatches } from './run-batches.ts';
import { runOutcome } from './run-outcome.ts';
import { isOutcomeCase, type StructuredGoldenFile } from './structured-file.ts';

/** Runs the cases of a structured golden file on the engine. */
export async function* runStructuredFile(
  fileName: string,
  file: StructuredGoldenFile,
  checkpoints: GoldenCheckpoints,
  filter: string,
): AsyncGenerator<GoldenResult> {
  for (const one of file.cases) {
    const name = `${fileName}: ${one.name}`;
    if (!name.includes(filter)) continue;
    if (one.sparkQuirk === true) yield { kind: 'skipped', name, reason: 'records a fault of Spark' };
    else if (typeof one.query.ts !== 'string') {
      yield { kind: 'skipped', name, reason: one.query.tsWhyNot ?? 'the case has no query text' };
    } else yield await runCase(name, one, file, checkpoints);
  }
}

async function runCase(
  name: string,
  one: StructuredGoldenFile['cases'][number],
  file: StructuredGoldenFile,
  checkpoints: GoldenCheckpoints,
): Promise<GoldenResult> {
  try {
    const difference = isOutcomeCase(one)
      ? await runOutcome(one, file, checkpoints)
      : await runBatches(one, file, checkpoints);
    return difference === undefined ? { kind: 'passed', name } : failed(name, difference);
  } catch (error) {
    return failed(name, messageOf(error));
  }
}

function failed(name: string, reason: string): GoldenResult {
  return { kind: 'failed', name, reason: reason.replaceAll('\n', ' ') };
}
