import { messageOf } from '../../../kernel/errors.ts';
import { canonicalBatch } from '../compare-values.ts';
import { typeText } from '../../../structured/types/type-text.ts';
import { codesOf, type StructuredBench } from './structured-bench.ts';
import type { RecordedRead } from './structured-file.ts';

/** Reads the state of a query that has ended as it was read in Spark: the first difference, or undefined. */
export async function readsDifference(
  bench: StructuredBench,
  reads: readonly RecordedRead[],
  directory: string,
): Promise<string | undefined> {
  for (const read of reads.filter(({ differs }) => differs === undefined)) {
    const difference = await readDifference(bench, read, directory);
    if (difference !== undefined)
      return `read ${JSON.stringify({ ...read.options, ...(read.format === undefined ? {} : { format: read.format }) })}: ${difference}`;
  }
  return undefined;
}

async function readDifference(
  { session }: StructuredBench,
  { format = 'statestore', options, select, schema = [], rows = [], error }: RecordedRead,
  directory: string,
): Promise<string | undefined> {
  try {
    const read = session.read.format(format).options(options).load(directory);
    const frame = select === undefined ? read : read.selectExpr(...select);
    const actual = frame.schema.fields.map(({ name, type }) => `${name} ${typeText(type)}`).join(', ');
    const expected = schema.map(({ name, type }) => `${name} ${type}`).join(', ');
    const texts = frame.toDF(...frame.columns.map((_, i) => `c${i}`));
    const given = await texts
      .selectExpr(...texts.columns.map((name) => `CAST(${name} AS STRING) AS ${name}`))
      .collect();
    if (error !== undefined) return `expected ${error.errorClass}, there was no error`;
    if (actual !== expected) return `schema: expected ${expected} actual ${actual}`;
    const [wanted, got] = [rows, given.map((row) => Object.values(row))].map((list) => canonicalBatch(list, false));
    return wanted === got ? undefined : `rows: expected ${wanted} actual ${got}`;
  } catch (failed) {
    const codes = codesOf(failed);
    // An exception of Java without a class stands for any error.
    const wanted = error?.errorClass ?? undefined;
    if (error !== undefined && (wanted === undefined || codes.includes(wanted))) return undefined;
    return `expected ${wanted ?? 'rows'} actual ${codes.join(' > ')}: ${messageOf(failed)}`;
  }
}
