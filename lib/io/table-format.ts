import type { ColumnarBlock } from './columnar-block.ts';
import type { ConnectorContext } from './registry.ts';
import type { TableSource } from './table-source.ts';
import type { TextOptions } from './text-options.ts';

/** A column of a format: name and Spark's type as DDL text. */
export type FormatColumn = readonly [name: string, type: string];

/** A column that stands in the names of folders, `k=v/`, and the values that are there now, as they are written in those names. */
export interface PartitionColumn {
  readonly name: string;
  readonly texts: readonly string[];
}

/** Before the name of a partition column, among the columns of a format: its value as text, null for Hive's name of nothing. */
export const partitionPrefix = '__partition:';

/** What Hive calls a value that is null or empty. */
export const partitionOfNothing = '__HIVE_DEFAULT_PARTITION__';

/** What a connector gives to the structured engine: sources that are streams, and tables that are read once. */
export interface TableFormat {
  /** The columns that it gives with these options. Raises everything that is wrong with the options. Connects to nothing. */
  readonly columns: (options: TextOptions, isStreaming: boolean) => readonly FormatColumn[];
  /** The columns in the names of folders; their values come as columns whose names begin with `partitionPrefix`. */
  readonly partitions?: (options: TextOptions) => readonly PartitionColumn[];
  readonly stream?: (options: TextOptions, context: ConnectorContext) => TableSource;
  readonly scan?: (options: TextOptions, context: ConnectorContext) => AsyncIterable<ColumnarBlock>;
}

const formats = new Map<string, TableFormat>();

/** Makes a format known by its name. Done once, where the package is wired together. */
export function registerTableFormat(name: string, format: TableFormat): void {
  formats.set(name.toLowerCase(), format);
}

export function tableFormat(name: string): TableFormat | undefined {
  return formats.get(name.toLowerCase());
}

export function tableFormatNames(): readonly string[] {
  return [...formats.keys()].toSorted();
}
