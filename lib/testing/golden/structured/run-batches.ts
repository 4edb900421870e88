import { messageOf } from '../../../kernel/errors.ts';
import type { StreamingQueryProgress } from '../../../structured/query/progress.ts';
import type { StreamingQuery } from '../../../structured/query/streaming-query.ts';
import type { StructType } from '../../../structured/types/data-type.ts';
import { typeText } from '../../../structured/types/type-text.ts';
import { canonical, canonicalBatch } from '../compare-values.ts';
import type { GoldenCheckpoints } from '../golden-context.ts';
import { readsDifference } from './run-reads.ts';
import { startRecorded } from './start-recorded.ts';
import { encodeRow } from './golden-values.ts';
import { codesOf, StructuredBench } from './structured-bench.ts';
import type { RecordedBatch, StructuredCase, StructuredGoldenFile } from './structured-file.ts';

/** One batch that ran here. */
interface RanBatch {
  readonly step: number;
  readonly output: readonly unknown[];
  readonly progress: StreamingQueryProgress;
}

interface Failure {
  readonly at: 'analysis' | 'batch';
  readonly step: number;
  readonly codes: readonly string[];
  readonly text: string;
}

/** Runs a case on the engine: the first difference to what was recorded, or undefined when there is none. */
export async function runBatches(
  one: StructuredCase,
  file: StructuredGoldenFile,
  checkpoints: GoldenCheckpoints,
): Promise<string | undefined> {
  const bench = new StructuredBench(file, one.sources, one.conf ?? {}, checkpoints);
  const ran: RanBatch[] = [];
  let schema: StructType = { kind: 'struct', fields: [] };
  let failed: Failure | undefined;
  let step = 0;
  const outputs = new Map<number, readonly unknown[]>();
  bench.session.streams.addListener({
    onQueryProgress: ({ progress }) => {
      ran.push({ step, output: outputs.get(progress.batchId) ?? [], progress });
    },
  });
  const directory = bench.directory();
  let query: StreamingQuery | undefined;
  const start = async (): Promise<StreamingQuery> => {
    const frame = bench.query(one.query.ts ?? '');
    return await startRecorded(frame, { outputMode: one.outputMode, checkpointLocation: directory }, (batch) => {
      schema = {
        kind: 'struct',
        fields: batch.output.map(({ name, type, nullable }) => ({ name, type, nullable })),
      };
      outputs.set(
        batch.batchId,
        batch.rows.map((row) => encodeRow(row, schema)),
      );
    });
  };
  try {
    try {
      query = await start();
    } catch (error) {
      failed = { at: 'analysis', step: 0, codes: codesOf(error), text: messageOf(error) };
    }
    try {
      for (; query !== undefined && step < one.inputs.length; step++) {
        const input = one.inputs[step] ?? [];
        if ('$restart' in input) {
          await query.stop();
          query = await start();
        } else if ('$sleep' in input) {
          await bench.clock.advance(input.$sleep as number);
        } else bench.feed(input);
        await query.processAllAvailable();
      }
    } catch (error) {
      failed = { at: 'batch', step, codes: codesOf(error), text: messageOf(error) };
    }
  } finally {
    await bench.close();
  }
  const difference = errorDifference(one, failed);
  // What is refused at the start has no batches, though Spark may have run some.
  if (difference !== undefined || (failed?.at === 'analysis' && one.error !== undefined)) return difference;
  return (
    schemaDifference(one, schema, ran) ??
    batchDifference(one, ran) ??
    (await readsDifference(bench, one.reads ?? [], directory))
  );
}

function errorDifference({ error }: StructuredCase, failed: Failure | undefined): string | undefined {
  if (error === undefined)
    return failed === undefined ? undefined : `failed at ${failed.at}, step ${failed.step}: ${failed.text}`;
  const wanted = namedClass(error);
  if (failed === undefined)
    return `expected a failure at ${error.at}${wanted === undefined ? '' : ` of ${wanted}`}, there was none`;
  // What Spark finds only in its first batch may be found at the start here.
  const isEarlier = failed.at === 'analysis' && error.at === 'batch' && wanted === undefined;
  if (failed.at !== error.at && !isEarlier)
    return `expected a failure at ${error.at}, actual at ${failed.at}: ${failed.text}`;
  if (!isEarlier && error.step !== undefined && failed.step !== error.step) {
    return `expected a failure in step ${error.step}, actual in step ${failed.step}: ${failed.text}`;
  }
  if (wanted !== undefined && !failed.codes.includes(wanted)) {
    return `expected ${wanted}, actual ${failed.codes.join(' > ')}: ${failed.text}`;
  }
  return undefined;
}

/** Spark's class of an error where it has a name that means something; of a failed query that of the cause. */
export function namedClass(error: NonNullable<StructuredCase['error']>): string | undefined {
  const chain = [error.errorClass, ...(error.chain ?? []).map(({ errorClass }) => errorClass), ...(error.cause ?? [])];
  return chain.findLast((name) => name !== undefined && name !== 'STREAM_FAILED' && !name.startsWith('_LEGACY'));
}

function schemaDifference(one: StructuredCase, schema: StructType, ran: readonly RanBatch[]): string | undefined {
  if (one.schema === undefined || ran.length === 0) return undefined;
  const expected = one.schema.map(({ name, type }) => `${name} ${type}`).join(', ');
  const actual = schema.fields.map(({ name, type }) => `${name} ${typeText(type)}`).join(', ');
  return expected === actual ? undefined : `schema: expected ${expected} actual ${actual}`;
}

function batchDifference(one: StructuredCase, all: readonly RanBatch[]): string | undefined {
  const isTimed = one.timing !== undefined;
  const ran = isTimed ? all.filter(({ output, progress }) => output.length > 0 || progress.numInputRows > 0) : all;
  // A case that fails without a complete batch, or whose last batches Spark never finished, lists those that were.
  const list = (
    batches: readonly { readonly batchId?: number; readonly step: number; readonly numInputRows: number }[],
  ) =>
    batches.map(
      ({ batchId, step, numInputRows }) => `${isTimed ? '' : `${batchId}:`}step ${step}:${numInputRows} rows`,
    );
  const expected = list(one.batches);
  const actual = list(ran.map(({ step, progress }) => ({ step, ...progress })));
  if (expected.join() !== actual.join()) {
    return `batches: expected [${expected.join(', ')}] actual [${actual.join(', ')}]`;
  }
  for (const [i, wanted] of one.batches.entries()) {
    const difference = oneDifference(wanted, ran[i] as RanBatch, one.ordered === true);
    if (difference !== undefined) return `batch ${wanted.batchId ?? i}: ${difference}`;
  }
  return undefined;
}

function oneDifference(wanted: RecordedBatch, { output, progress }: RanBatch, isOrdered: boolean): string | undefined {
  const watermark = progress.eventTime['watermark'] ?? null;
  if (wanted.watermark !== watermark) return `watermark: expected ${String(wanted.watermark)} actual ${watermark}`;
  if (canonicalBatch(wanted.output, isOrdered) !== canonicalBatch(output, isOrdered)) {
    return `output: expected ${canonicalBatch(wanted.output, isOrdered)} actual ${canonicalBatch(output, isOrdered)}`;
  }
  return stateDifference(wanted, progress, isOrdered);
}

function stateDifference(
  wanted: RecordedBatch,
  progress: StreamingQueryProgress,
  isOrdered: boolean,
): string | undefined {
  const { stateOperators } = progress;
  if (wanted.state === null) return undefined;
  const sum = (read: (operator: (typeof stateOperators)[number]) => number): number =>
    stateOperators.reduce((total, operator) => total + read(operator), 0);
  const operators =
    wanted.operators?.map(({ operator }) => operator) ?? (wanted.operator === undefined ? [] : [wanted.operator]);
  const isJoin = operators.includes('symmetricHashJoin');
  // Sessions count merged ones as removed and outer joins miscount: only what Spark counts reliably is compared.
  const isReliable = operators.every(
    (name) => name === 'stateStoreSave' || name === 'dedupe' || name === 'dedupeWithinWatermark',
  );
  const expected: Record<string, number> = { dropped: wanted.state.dropped };
  const actual: Record<string, number> = { dropped: sum((operator) => operator.numRowsDroppedByWatermark) };
  if (!isOrdered) {
    expected['total'] = wanted.state.total;
    actual['total'] = sum((operator) => operator.numRowsTotal);
  }
  if (isReliable && !isJoin && !isOrdered && operators.length > 0) {
    expected['updated'] = wanted.state.updated ?? 0;
    expected['removed'] = wanted.state.removed ?? 0;
    actual['updated'] = sum((operator) => operator.numRowsUpdated);
    actual['removed'] = sum((operator) => operator.numRowsRemoved);
  }
  return canonical(expected) === canonical(actual)
    ? undefined
    : `state: expected ${canonical(expected)} actual ${canonical(actual)}`;
}
