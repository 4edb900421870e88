import type { TypedCall, TypedExpression } from '../../expressions/typed-expression.ts';
import { utf8Bytes } from '../../types/utf8.ts';
import type { LateCode, StageWriter } from './stage-writer.ts';

const onlyAscii = /^[\0-\x7f]*$/u;

/** The code of `text = 'literal'`, `text IS NULL` and `text IS NOT NULL` that does not make the text; undefined for any other call. */
export function lateTest({ function: { name }, args }: TypedCall, code: StageWriter): string | undefined {
  const [first, second] = args;
  if (first === undefined) return undefined;
  if (name === 'isnull' || name === 'isnotnull') {
    const late = lateOf(first, code);
    return late && `(${late.variable} ${name === 'isnull' ? '===' : '!=='} null)`;
  }
  if (name !== '=' || second === undefined) return undefined;
  return equals(first, second, code) ?? equals(second, first, code);
}

function equals(text: TypedExpression, literal: TypedExpression, code: StageWriter): string | undefined {
  const late = lateOf(text, code);
  if (late === undefined || literal.kind !== 'literal' || typeof literal.value !== 'string') return undefined;
  if (!onlyAscii.test(literal.value)) return undefined;
  const { variable } = late;
  const bytes = code.scope.bind(utf8Bytes(literal.value));
  const result = code.scope.fresh();
  code.lines.push(
    `const ${result} = ${variable} === undefined ? ${late.text}.is(${late.bytes}, ${bytes}) :`,
    `${variable} === null ? null : ${variable} === ${code.scope.bind(literal.value)};`,
  );
  return result;
}

function lateOf(e: TypedExpression, code: StageWriter): LateCode | undefined {
  if (e.kind !== 'attribute' || e.type.kind !== 'string') return undefined;
  const known = code.attributes.get(e.id);
  return known === undefined ? undefined : code.lateTexts.get(known);
}
