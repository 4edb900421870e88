/**
 * A golden file of questions about tables at hand: what a query or a chain of DataFrame methods gives at once, without a stream. Its tables
 * are views and DataFrames by their names.
 */
export interface StaticGoldenFile {
  readonly topic: string;
  readonly session?: { readonly timeZone?: string; readonly ansi?: boolean };
  readonly conf?: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, StaticTable>>;
  readonly cases: readonly StaticCase[];
}

export interface StaticTable {
  /** Columns as DDL text. */
  readonly schema: string;
  /** Values as SQL. */
  readonly rows: readonly (readonly string[])[];
}

export interface StaticCase {
  readonly name?: string;
  /** The question in SQL, or as texts in both languages. */
  readonly sql?: string;
  readonly query?: { readonly ts?: string | null };
  /** Why we answer otherwise: the case is skipped. */
  readonly differs?: string;
  readonly conf?: Readonly<Record<string, string>>;
  readonly schema?: readonly { readonly name: string; readonly type: string }[];
  /** Texts of all values, as a cast to STRING gives them; bytes in hexadecimal digits. */
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly ordered?: boolean;
  /** What a method gave that gives no DataFrame. */
  readonly value?: unknown;
  readonly error?: { readonly errorClass: string };
}

export function isStaticFile(content: unknown): content is StaticGoldenFile {
  return (
    typeof content === 'object' &&
    content !== null &&
    'tables' in content &&
    'cases' in content &&
    Array.isArray(content.cases)
  );
}
