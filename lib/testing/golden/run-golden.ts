import { messageOf, raise } from '../../kernel/errors.ts';
import { canonical, canonicalBatch } from './compare-values.ts';
import { type Compared, runDStreamCase } from './dstream-kinds.ts';
import type { GoldenCheckpoints } from './golden-context.ts';
import type { GoldenResult } from './golden-result.ts';
import type { GoldenThreadData } from './golden-thread.ts';
import { type DStreamCase, type DStreamFile, isDStreamFile, isStructuredFile } from './golden-file.ts';
import { runStaticFile } from './structured/run-static.ts';
import { runStructuredFile } from './structured/run-structured.ts';
import { isStaticFile } from './structured/static-file.ts';

export type { GoldenResult } from './golden-result.ts';

/**
 * Runs the cases of one golden file on the engine and compares what they give with what real Spark gave. Knows no case by name: texts are
 * evaluated, and the kinds whose text is a sketch are driven by their data.
 */
export async function* runGoldenFile(
  fileName: string,
  content: unknown,
  checkpoints: GoldenCheckpoints,
  filter = '',
): AsyncGenerator<GoldenResult> {
  if (isStaticFile(content)) {
    yield* runStaticFile(fileName, content, filter);
    return;
  }
  if (isStructuredFile(content)) {
    yield* runStructuredFile(fileName, content, checkpoints, filter);
    return;
  }
  if (!isDStreamFile(content)) raise('TESTING_GOLDEN', { problem: `${fileName} has neither format` });
  for (const goldenCase of content.cases) {
    const name = `${fileName}: ${goldenCase.name}`;
    if (!name.includes(filter)) continue;
    const skipped = skipReason(content, goldenCase);
    yield skipped === undefined
      ? await runCase(name, goldenCase, content, checkpoints)
      : { kind: 'skipped', name, reason: skipped };
  }
}

function skipReason(file: DStreamFile, { params }: DStreamCase): string | undefined {
  if (params.sparkQuirk === true) return 'records a fault of Spark';
  return file.operator === 'errors' ? 'texts for people; specs are written from them by hand' : undefined;
}

async function runCase(
  name: string,
  goldenCase: DStreamCase,
  file: DStreamFile,
  checkpoints: GoldenCheckpoints,
): Promise<GoldenResult> {
  try {
    const { operator, batchMs } = file;
    const { config = {} } = checkpoints;
    // Where threads are asked for they build the program of the case.
    const data: GoldenThreadData = { goldenCase, file: { operator, batchMs }, config };
    const source = { entry: 'golden', data };
    for (const compared of await runDStreamCase(goldenCase, file, { ...checkpoints, source })) {
      const difference = differenceOf(compared);
      if (difference !== undefined) return { kind: 'failed', name, reason: difference };
    }
    return { kind: 'passed', name };
  } catch (error) {
    return { kind: 'failed', name, reason: messageOf(error).replaceAll('\n', ' ') };
  }
}

function differenceOf({ what, expected, actual, ordered }: Compared): string | undefined {
  const isSame =
    expected.length === actual.length &&
    expected.every((batch, i) => canonicalBatch(batch, ordered) === canonicalBatch(actual[i], ordered));
  return isSame ? undefined : `${what}: expected ${canonical(expected)} actual ${canonical(actual)}`;
}
