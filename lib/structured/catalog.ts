import type { SessionState } from './session-state.ts';
import { parseColumnName } from './sql/parse-expression.ts';
import { likeNames } from './sql/like-names.ts';
import { typeText } from './types/type-text.ts';
import { GLOBAL_TEMP } from './views.ts';

/** A view as `listTables` tells it. */
export interface CatalogTable {
  readonly name: string;
  readonly catalog: string | null;
  readonly namespace: readonly string[];
  readonly description: string | null;
  readonly tableType: string;
  readonly isTemporary: boolean;
}

/** A column as `listColumns` tells it. */
export interface CatalogColumn {
  readonly name: string;
  readonly dataType: string;
  readonly nullable: boolean;
}

/** The views of a session. */
export interface Catalog {
  /** Temporary views, with the global ones for the database `global_temp`; `*` in a pattern is any text. */
  listTables(database?: string, pattern?: string): readonly CatalogTable[];
  listColumns(name: string): readonly CatalogColumn[];
  tableExists(name: string): boolean;
  /** Whether there was one. */
  dropTempView(name: string): boolean;
  dropGlobalTempView(name: string): boolean;
  currentDatabase(): string;
  currentCatalog(): string;
}

/** `spark.catalog` */
export function catalogOf(state: SessionState): Catalog {
  return {
    listTables: (database, pattern = '*') => {
      const isWanted = likeNames(pattern);
      const global = database?.toLowerCase() === GLOBAL_TEMP ? state.globalViews.names() : [];
      return [
        ...global.map((name) => tableOf(name, [GLOBAL_TEMP])),
        ...state.views.names().map((name) => tableOf(name, [])),
      ].filter(({ name }) => isWanted(name));
    },
    listColumns: (name) =>
      state.table(name).schema.fields.map((field) => ({
        name: field.name,
        dataType: typeText(field.type),
        nullable: field.nullable,
      })),
    tableExists: (name) => state.view(parseColumnName(name) ?? [name]) !== undefined,
    dropTempView: (name) => state.views.drop(name),
    dropGlobalTempView: (name) => state.globalViews.drop(name),
    currentDatabase: () => 'default',
    currentCatalog: () => 'spark_catalog',
  };
}

function tableOf(name: string, namespace: readonly string[]): CatalogTable {
  return { name, catalog: null, namespace, description: null, tableType: 'TEMPORARY', isTemporary: true };
}
