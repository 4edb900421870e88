import { MemoryRows } from '../connectors/memory/memory-rows.ts';
import type { DataFrame } from '../structured/data-frame.ts';
import { rowReader } from '../structured/operators/row-objects.ts';
import type { Session } from '../structured/session.ts';
import type { SessionState } from '../structured/session-state.ts';
import type { InternalRow, StructType } from '../structured/types/data-type.ts';
import { parseSchema } from '../structured/types/ddl.ts';

/**
 * A stream that a test feeds by hand. Rows that are added between two batches are in the next one together, also those of several
 * streams, as long as nothing is awaited between the calls.
 *
 * @example
 * const events = memoryStream(spark, 'user STRING, amount INT')
 * const query = await events.toDF().groupBy('user').count().writeStream.outputMode('update').format('console').start()
 * events.addData({ user: 'a', amount: 1 }, ['b', 2])
 */
export class MemoryStream {
  readonly #state: SessionState;
  readonly #schema: StructType;
  readonly #rows: MemoryRows;
  readonly #read: (value: unknown) => InternalRow;

  constructor(state: SessionState, schema: StructType) {
    this.#state = state;
    this.#schema = schema;
    this.#rows = new MemoryRows(schema.fields.map(({ name }) => name));
    this.#read = rowReader(schema, state.conf.timeZone, 'addData');
  }

  /** Its rows and their types; for tests of queries. */
  get fed(): { readonly rows: MemoryRows; readonly schema: StructType } {
    return { rows: this.#rows, schema: this.#schema };
  }

  toDF(): DataFrame {
    return memoryFrame(this.#state, this.#schema, this.#rows);
  }

  /** Adds rows: objects by column name, or arrays by position. */
  addData(...rows: readonly unknown[]): this {
    this.#rows.add(rows.map(this.#read));
    return this;
  }
}

/** A stream of a schema (DDL text or a struct) for tests of queries. */
export function memoryStream(spark: Session, schema: string | StructType): MemoryStream {
  return new MemoryStream(spark.state, typeof schema === 'string' ? parseSchema(schema) : schema);
}

/** The DataFrame over rows that are added from outside. */
export function memoryFrame(state: SessionState, schema: StructType, rows: MemoryRows): DataFrame {
  return state.frame({ kind: 'read', isStreaming: true, format: 'memory', options: {}, schema, source: rows });
}
