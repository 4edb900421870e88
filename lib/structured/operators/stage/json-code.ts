import type { FieldNotes } from '../json-block/block-scanner.ts';
import { timestampAt } from '../json-scan.ts';
import type { JsonField } from './json-field.ts';
import type { SplitStruct } from './split-struct.ts';
import type { StageWriter } from './stage-writer.ts';

/** Where the bytes of a column's row stand. */
export interface BytesCode {
  readonly bytes: string;
  readonly from: string;
  readonly until: string;
  /** Where those of all rows begin and end. */
  readonly vector: readonly [string, string];
}

/**
 * Writes the fields of a JSON record into variables: from the notes of the block scanner, where there is one and it is sure, or else by
 * the scanner of single records, or else by the exact parser.
 */
export function writeJson(code: StageWriter, json: JsonField<BytesCode>): SplitStruct {
  const { scanner, parse, bytes, fields, count } = json;
  const { scope, lines } = code;
  const names = Array.from({ length: count }, () => undefined as string | undefined);
  for (const field of fields) names[field] = scope.fresh();
  const used = fields.map((field) => [field, names[field] as string] as const);
  const isNull = scope.fresh();
  const from = scope.fresh();
  const until = scope.fresh();
  const parsed = scope.fresh();
  const out = scope.bind(scanner.out);
  // A text is made where it is first used, if it is.
  for (const [field, name] of used) {
    const late = scanner.late[field];
    if (late === undefined) continue;
    const text = scope.bind(late);
    const made = `(${name} === undefined ? (${name} = ${text}.text(${bytes.bytes})) : ${name})`;
    code.lateTexts.set(made, { variable: name, text, bytes: bytes.bytes });
    names[field] = made;
  }
  lines.push(
    `let ${[`${isNull} = false`, ...used.map(([, name]) => `${name} = null`)].join(', ')};`,
    `const ${from} = ${bytes.from}, ${until} = ${bytes.until};`,
    `if (${until} < ${from}) ${isNull} = true;`,
  );
  const isSure = writeNotes(code, json, used, isNull, until);
  lines.push(
    isSure === undefined ? 'else' : `if (!${isNull} && !${isSure})`,
    `if (${scope.bind(scanner.scan)}(${bytes.bytes}, ${from}, ${until})) {`,
    ...used.map(([field, name]) => `${name} = ${out}[${field}];`),
    '} else {',
    `const ${parsed} = ${scope.bind(parse)}(${bytes.bytes}.subarray(${from}, ${until}));`,
    // A time that was no time may have come behind fields that the notes had.
    `if (${parsed} === null) { ${[`${isNull} = true`, ...used.map(([, name]) => `${name} = null`)].join('; ')}; } else {`,
    ...used.map(([field, name]) => `${name} = ${parsed}[${field}];`),
    '} }',
  );
  return { fields: names, isNull };
}

/** Reads the block scanner's notes of the row; gives the variable that says whether it was sure, if there is such a scanner. */
function writeNotes(
  code: StageWriter,
  { scanner, block, bytes }: JsonField<BytesCode>,
  used: readonly (readonly [number, string])[],
  isNull: string,
  until: string,
): string | undefined {
  if (block === undefined) return undefined;
  const { scope } = code;
  const scan = scope.bind(block);
  const [isSure, at] = [scope.fresh(), scope.fresh()];
  const [allFrom, allUntil] = bytes.vector;
  code.before.push(`${scan}.restart();`);
  code.lines.push(
    `let ${isSure} = false;`,
    `if (!${isNull}) {`,
    `const ${at} = i < ${scan}.end ? i - ${scan}.first : ${scan}.next(${bytes.bytes}, ${allFrom}, ${allUntil}, i, count);`,
    `if (${scope.bind(block.sure)}[${at}] === 1) {`,
    `${isSure} = true;`,
    ...used.map(([field, name], k) => {
      const notes = block.notes[k] as FieldNotes;
      const late = scanner.late[field];
      switch (notes.kind) {
        case 'number':
          return `${name} = ${scope.bind(notes.values)}[${at}]; if (${name} !== ${name}) ${name} = null;`;
        case 'boolean':
          return `${name} = ${scope.bind(notes.values)}[${at}]; ${name} = ${name} < 0 ? null : ${name} === 1;`;
        case 'text':
          return (
            `if (${scope.bind(notes.from)}[${at}] >= 0) { ${name} = undefined; ` +
            `${scope.bind(late)}.place(${scope.bind(notes.from)}[${at}], ${scope.bind(notes.until)}[${at}], ${scan}.shift); }`
          );
        case 'timestamp':
          return (
            `if (${scope.bind(notes.from)}[${at}] >= 0) { ` +
            `${name} = ${scope.bind(timestampAt)}(${bytes.bytes}, ${scope.bind(notes.from)}[${at}] + ${scan}.shift, ${until}); ` +
            `if (${name} === undefined) { ${isSure} = false; ${name} = null; } }`
          );
        case 'nothing':
          return '';
        default:
          return notes satisfies never;
      }
    }),
    '} }',
  );
  return isSure;
}
