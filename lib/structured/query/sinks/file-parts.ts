import { host } from '../../../io/host.ts';
import { raise } from '../../../kernel/errors.ts';
import { systemClock } from '../../../kernel/clock.ts';
import type { WrittenFile } from '../../../io/file-manifest.ts';
import type { Attribute } from '../../expressions/typed-expression.ts';
import type { InternalRow, InternalValue } from '../../types/data-type.ts';
import { newQueryId } from '../query-id.ts';
import { rowTexts } from '../row-texts.ts';
import { type FileFormat, lineWriter, type LineWriter } from './file-formats.ts';

/** Texts of about this many characters are written at a time. */
const partLength = 1 << 16;

/** Rows on their way into new files of a folder: one file, or one for each combination of values of `partitionBy`. */
export class FileParts {
  readonly #format: FileFormat;
  readonly #writer: LineWriter;
  readonly #split: (row: InternalRow) => readonly [folder: string, row: InternalRow];
  #texts = new Map<string, string[]>();

  constructor(
    format: FileFormat,
    options: Readonly<Record<string, string>>,
    partitionBy: readonly string[],
    { output, timeZone }: { readonly output: readonly Attribute[]; readonly timeZone: string },
  ) {
    const { kept, split } = partitioning(output, partitionBy, timeZone);
    this.#format = format;
    this.#writer = lineWriter(format, kept, options, timeZone);
    this.#split = split;
  }

  begin(): void {
    this.#texts = new Map();
  }

  add(row: InternalRow): void {
    const [folder, rest] = this.#split(row);
    const parts = this.#texts.get(folder);
    const line = this.#writer.line(rest);
    if (parts === undefined) {
      this.#texts.set(folder, [this.#writer.head + line]);
      return;
    }
    const last = parts.length - 1;
    const text = parts[last] ?? '';
    if (text.length < partLength) parts[last] = text + line;
    else parts.push(line);
  }

  /** Writes the files below a folder; they are there whole when this resolves. */
  async write(folder: string): Promise<readonly WrittenFile[]> {
    const { files } = host();
    const texts = this.#texts;
    this.#texts = new Map();
    const written: WrittenFile[] = [];
    for (const [below, parts] of texts) {
      const name = `part-${String(written.length).padStart(5, '0')}-${newQueryId()}-c000.${extensions[this.#format]}`;
      const path = `${folder}/${below}${name}`;
      await files.writeText(path, parts);
      const entry = await files.entry(path);
      const modifiedMs = Math.floor(entry?.modifiedMs ?? systemClock.now());
      written.push({ path, sizeBytes: entry?.sizeBytes ?? 0, modifiedMs });
    }
    return written;
  }
}

const extensions: Readonly<Record<FileFormat, string>> = { json: 'json', csv: 'csv', text: 'txt' };

/** `partitionBy`: those columns are in the names of folders, `k=v/`, and not in the files. */
function partitioning(
  output: readonly Attribute[],
  names: readonly string[],
  timeZone: string,
): {
  readonly kept: readonly Attribute[];
  readonly split: (row: InternalRow) => readonly [folder: string, row: InternalRow];
} {
  if (names.length === 0) return { kept: output, split: (row) => ['', row] };
  const at = names.map((name) => {
    const found = output.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found < 0) {
      raise('SINK_COLUMNS', {
        format: 'partitionBy',
        problem: `there is no column ${name}`,
        expected: `Use some of ${output.map((column) => column.name).join(', ')}.`,
      });
    }
    return found;
  });
  const kept = output.flatMap((_, i) => (at.includes(i) ? [] : [i]));
  const parts = at.map((i) => output[i] as Attribute);
  const texts = rowTexts(parts, timeZone);
  return {
    kept: kept.map((i) => output[i] as Attribute),
    split: (row) => {
      const values = at.map((i): InternalValue => row[i] ?? null);
      const shown = texts(values);
      const folder = parts.map(({ name }, i) => {
        const value = values[i] ?? null;
        const isNothing = value === null || value === '';
        return `${escaped(name)}=${isNothing ? '__HIVE_DEFAULT_PARTITION__' : escaped(shown[i] ?? '')}/`;
      });
      return [folder.join(''), kept.map((i) => row[i] ?? null)];
    },
  };
}

/** As Hive writes values into names of folders: what would lead elsewhere is `%` and two hexadecimal digits. */
function escaped(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/gu,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
