import { RowsBlock } from '../../io/rows-block.ts';
import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { TableSource } from '../../io/table-source.ts';
import type { TextOptions } from '../../io/text-options.ts';
import type { InternalRow, StructType } from '../types/data-type.ts';
import { atomic } from '../types/type-classes.ts';
import { findChanges, findOperator, findVersion } from './find-state.ts';
import { layoutOf } from './layouts.ts';
import { metadataColumns, metadataRows } from './state-metadata.ts';
import { column } from './state-layout.ts';
import { directoryOf, parseStateOptions } from './state-options.ts';
import { changesOf, rowsAt, type StateSite } from './state-rows.ts';
import type { StateMoment, StateView } from './state-view.ts';

/** Opens a checkpoint for reading; closed by whoever opened it. */
export type OpenStateView = (directory: string) => StateView;

/** A table over a checkpoint: its columns, and what reads its rows. */
export interface StateTable {
  readonly schema: StructType;
  readonly source: StateSource;
}

/** The formats that read checkpoints, by Spark's names. */
export const stateFormats = ['statestore', 'state-metadata'] as const;
export type StateFormat = (typeof stateFormats)[number];

export function isStateFormat(format: string): format is StateFormat {
  return stateFormats.some((known) => known === format);
}

/**
 * The state of a query as a table: `statestore` its rows at a batch, or their changes; `state-metadata` its steps. Which batch is read
 * is settled here; the rows are read when they are asked for, at one moment, and held in memory then.
 */
export function stateTable(format: StateFormat, options: TextOptions, open: OpenStateView): StateTable {
  return format === 'statestore' ? storeTable(options, open) : metadataTable(options, open);
}

function metadataTable(options: TextOptions, open: OpenStateView): StateTable {
  const directory = directoryOf(options);
  return {
    schema: { kind: 'struct', fields: metadataColumns },
    source: new StateSource(
      directory,
      metadataColumns.map(({ name }) => name),
      open,
      (moment) => metadataRows(moment),
    ),
  };
}

function storeTable(options: TextOptions, open: OpenStateView): StateTable {
  const request = parseStateOptions(options);
  const { directory, changes, partition } = request;
  const found = withMoment(open, directory, (moment) => {
    const operator = findOperator(moment, request);
    // Changes are those of elements and entries, whatever is asked for, as in Spark.
    const layout = layoutOf(operator, changes === undefined ? request : { ...request, isFlattened: true });
    const versions =
      changes === undefined
        ? [findVersion(moment, request.batchId, directory)]
        : findChanges(moment, changes, directory);
    return { operator: operator.id, layout, versions };
  });
  const { operator, layout, versions } = found;
  const change = [column('batch_id', atomic('bigint')), column('change_type', atomic('string'))];
  const columns = [...(changes === undefined ? [] : change), ...layout.columns, column('partition_id', atomic('int'))];
  const rows = (moment: StateMoment): Iterable<InternalRow> => {
    const site: StateSite = { moment, operator, layout, partition };
    return changes === undefined ? rowsAt(site, versions[0]?.version ?? 0) : changesOf(site, versions);
  };
  return {
    schema: { kind: 'struct', fields: columns },
    source: new StateSource(
      directory,
      columns.map(({ name }) => name),
      open,
      rows,
    ),
  };
}

/** Looks at a checkpoint while a program is being built: short, and closed behind it. */
function withMoment<T>(open: OpenStateView, directory: string, body: (moment: StateMoment) => T): T {
  const view = open(directory);
  try {
    return view.read(body);
  } finally {
    // Nothing depends on when: the view has been read.
    view.close().catch(() => undefined);
  }
}

const blockRows = 4096;
const end = 'rows';

/** Gives the rows of a checkpoint once. */
class StateSource implements TableSource {
  readonly description: string;
  readonly #directory: string;
  readonly #names: readonly string[];
  readonly #open: OpenStateView;
  readonly #rows: (moment: StateMoment) => Iterable<InternalRow>;

  constructor(
    directory: string,
    names: readonly string[],
    open: OpenStateView,
    rows: (moment: StateMoment) => Iterable<InternalRow>,
  ) {
    this.description = `StateStore[${directory}]`;
    this.#directory = directory;
    this.#names = names;
    this.#open = open;
    this.#rows = rows;
  }

  tableSource(): TableSource {
    return this;
  }

  async open(): Promise<{ readonly [end]: number }> {
    return await Promise.resolve({ [end]: 0 });
  }

  async available() {
    return await Promise.resolve({ from: { [end]: 0 }, until: { [end]: 1 }, latest: { [end]: 1 } });
  }

  async freeze(): Promise<void> {
    await Promise.resolve();
  }

  async *read(): AsyncGenerator<ColumnarBlock, void, undefined> {
    const view = this.#open(this.#directory);
    try {
      const rows = view.read((moment) => [...this.#rows(moment)]);
      for (let from = 0; from < rows.length; from += blockRows) {
        const block = rows.slice(from, from + blockRows);
        yield new RowsBlock(this.#names, block, (row) => ({ row: from + row }));
      }
    } finally {
      await view.close();
    }
  }

  async commit(): Promise<void> {
    await Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
