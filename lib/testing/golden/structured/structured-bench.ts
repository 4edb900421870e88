import { MemoryRows } from '../../../connectors/memory/memory-rows.ts';
import * as functions from '../../../functions.ts';
import { MillraceError, raise } from '../../../kernel/errors.ts';
import { ManualClock } from '../../../kernel/manual-clock.ts';
import type { DataFrame } from '../../../structured/data-frame.ts';
import { field, parseSchema, struct } from '../../../structured/types/ddl.ts';
import type { InternalRow, StructType } from '../../../structured/types/data-type.ts';
import { Window } from '../../../structured/window-spec.ts';
import type { GoldenCheckpoints } from '../golden-context.ts';
import { memoryFrame } from '../../memory-stream.ts';
import { Session } from '../../../structured/session.ts';
import { decodeRow } from './golden-values.ts';
import type { InputStep, StructuredGoldenFile } from './structured-file.ts';

/** One session with the sources of a case: what its text is given. */
export class StructuredBench {
  readonly clock = new ManualClock(Date.UTC(2024, 5, 1));
  readonly session: Session;
  readonly #streams = new Map<string, { readonly rows: MemoryRows; readonly schema: StructType }>();
  readonly #checkpoints: GoldenCheckpoints;

  constructor(
    file: StructuredGoldenFile,
    sources: Readonly<Record<string, string>>,
    conf: Readonly<Record<string, string>>,
    checkpoints: GoldenCheckpoints,
  ) {
    this.#checkpoints = checkpoints;
    const { timeZone = 'UTC', ansi = true, shufflePartitions = 1 } = file.session ?? {};
    this.session = new Session({
      clock: this.clock,
      config: {
        'millrace.spark.compat': 'true',
        'spark.sql.session.timeZone': timeZone,
        'spark.sql.ansi.enabled': String(ansi),
        'spark.sql.shuffle.partitions': String(shufflePartitions),
        ...checkpoints.config,
        ...conf,
      },
      ...(checkpoints.open === undefined ? {} : { openCheckpoint: checkpoints.open }),
    });
    for (const [name, ddl] of Object.entries(sources)) {
      const schema = parseSchema(ddl === 'RAW' ? 'value STRING' : ddl);
      this.#streams.set(name, { rows: new MemoryRows(schema.fields.map((column) => column.name)), schema });
    }
  }

  directory(): string {
    return this.#checkpoints.directory();
  }

  /** What the text of a query makes of the sources. */
  evaluate(text: string, tmp?: string): unknown {
    const inputs = Object.fromEntries(
      [...this.#streams].map(([name, { rows, schema }]) => [name, memoryFrame(this.session.state, schema, rows)]),
    );
    const { col, lit, expr, window, when } = functions;
    const tools = { F: functions, col, lit, expr, window, when, spark: this.session, struct, field, Window, tmp };
    // The texts are the programs of this test: they have to be evaluated.
    // oxlint-disable-next-line typescript/no-implied-eval, no-new-func
    const query = new Function(`'use strict'; return (${text});`)() as (inputs: unknown, tools: unknown) => unknown;
    return query(inputs, tools);
  }

  query(text: string, tmp?: string): DataFrame {
    return this.evaluate(text, tmp) as DataFrame;
  }

  /** Adds the rows of one step to all its sources at once: one batch sees all of them. */
  feed(step: InputStep): void {
    const bySource = Array.isArray(step)
      ? { [[...this.#streams.keys()][0] ?? '']: step as readonly Readonly<Record<string, unknown>>[] }
      : (step as Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>);
    const decoded = Object.entries(bySource).map(([name, rows]): [MemoryRows, InternalRow[]] => {
      const stream = this.#streams.get(name) ?? raise('TESTING_GOLDEN', { problem: `there is no source ${name}` });
      return [stream.rows, rows.map((row) => decodeRow(row, stream.schema))];
    });
    for (const [stream, rows] of decoded) stream.add(rows);
  }

  async close(): Promise<void> {
    for (const query of this.session.streams.active) await query.stop();
  }
}

/** The codes of an error and of what caused it, outermost first. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at instanceof MillraceError) codes.push(at.code);
  return codes;
}
