import type { TableRange } from './table-source.ts';

/** A record as people name it: topic and partition with its offset, a file with a line, or a source with one partition and a row. */
export interface RecordName {
  readonly partition: string;
  readonly offset: number;
}

/** Whether a row's place is that of a record. */
export function isRecordAt(
  where: Readonly<Record<string, string | number>> | undefined,
  { partition, offset }: RecordName,
): boolean {
  if (where === undefined) return false;
  const { topic, partition: number, offset: at, file, line, row, value } = where;
  if (topic !== undefined) return `${topic}-${number}` === partition && at === offset;
  if (file !== undefined) return isFile(String(file), partition) && line === offset;
  return (row ?? line ?? value) === offset;
}

/** Whether a range has the record in it: by its positions, or by the files that sources of files keep in its detail. */
export function hasRecord({ from, until, detail }: TableRange, { partition, offset }: RecordName): boolean {
  const end = until[partition];
  if (end !== undefined) return offset >= (from[partition] ?? 0) && offset < end;
  return filesIn(detail).some((path) => isFile(path, partition));
}

/** The part of such a range that has little more than the record in it. */
export function aroundRecord(range: TableRange, { partition, offset }: RecordName): TableRange {
  if (range.until[partition] !== undefined) {
    const until = { ...range.from, [partition]: offset + 1 };
    return { ...range, from: { ...range.from, [partition]: offset }, until };
  }
  const detail = (range.detail as readonly unknown[]).filter((file) =>
    filesIn([file]).some((path) => isFile(path, partition)),
  );
  return { ...range, detail };
}

/** The files that a range of a source of files reads: each is a list that begins with its path. */
function filesIn(detail: unknown): readonly string[] {
  if (!Array.isArray(detail)) return [];
  return detail.flatMap((file: unknown) => (Array.isArray(file) && typeof file[0] === 'string' ? [file[0]] : []));
}

/** A file by its whole path, or by the end of it. */
function isFile(path: string, asked: string): boolean {
  const short = asked.replace(/^(?:\.\/)+/u, '');
  return path === asked || path === short || path.endsWith(`/${short}`);
}
