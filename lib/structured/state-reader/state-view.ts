import type { CheckpointReader } from '../../store/checkpoint-view.ts';
import type { CommitRecord, ProgramRecord, ReadonlyMapLike, StateStore, TableName } from '../../store/state-store.ts';

/** A checkpoint of a query at one moment, whichever way it is reached: in its running store, or beside or without its program. */
export interface StateMoment {
  readonly program: ProgramRecord | undefined;
  /** Oldest first. */
  readonly versions: readonly CommitRecord[];
  tablesAt(version: number): readonly TableName[];
  tableAt<K, V>(version: number, table: TableName): ReadonlyMapLike<K, V>;
}

/** Gives moments. Nothing of a moment may be used after `body` has returned. */
export interface StateView {
  read<T>(body: (moment: StateMoment) => T): T;
  close(): Promise<void>;
}

/** The view of a store that is open in this process: committed versions, whatever its batch is writing. */
export function viewOfStore(store: StateStore): StateView {
  return {
    read: (body) =>
      body({
        program: store.program,
        versions: store.versions,
        tablesAt: (version) => store.tablesAt(version),
        tableAt: (version, { operator, name, partition }) => store.tableAt(version, operator, name, partition),
      }),
    close: async () => {
      await Promise.resolve();
    },
  };
}

/** The view of a checkpoint that was opened for reading. */
export function viewOfReader(reader: CheckpointReader): StateView {
  return {
    read: (body) =>
      reader.read((moment) =>
        body({
          program: moment.program,
          versions: moment.versions.map(({ record }) => record),
          tablesAt: (version) => moment.tablesAt(version),
          tableAt: (version, table) => moment.tableAt(version, table),
        }),
      ),
    close: async () => {
      await reader.close();
    },
  };
}
