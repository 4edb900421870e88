import { timeWindow } from '../../analyzer/window-functions.ts';
import type { EvaluationSite } from '../../expressions/evaluation-site.ts';
import { bindScalar } from '../../expressions/interpret.ts';
import type { TypedCall, TypedExpression } from '../../expressions/typed-expression.ts';

/** A struct whose fields stand in variables of generated code. */
export interface SplitStruct {
  readonly fields: readonly (string | undefined)[];
  /** The variable that says whether the struct is null; undefined: it never is. */
  readonly isNull: string | undefined;
}

/** What writing code needs. */
export interface SplitSite {
  readonly site: EvaluationSite;
  value(e: TypedExpression): string;
  fresh(): string;
  bind(value: unknown): string;
  readonly lines: string[];
}

/** The code of the struct as a whole. */
export function wholeStruct({ fields, isNull }: SplitStruct): string {
  const struct = `[${fields.map((field) => field ?? 'null').join(', ')}]`;
  return isNull === undefined ? struct : `${isNull} ? null : ${struct}`;
}

/** Whether `splitStruct` knows the expression. */
export function canSplit(e: TypedExpression): e is TypedCall {
  return e.kind === 'call' && (e.function === timeWindow || e.function.name === 'named_struct');
}

/** Writes the fields of a window or of a struct that is put together into variables; undefined for any other expression. */
export function splitStruct(e: TypedExpression, site: SplitSite): SplitStruct | undefined {
  if (!canSplit(e)) return undefined;
  return e.function === timeWindow ? window(e, site) : { fields: fieldsOf(e, site), isNull: undefined };
}

function fieldsOf(e: TypedCall, { value, lines, fresh }: SplitSite): readonly string[] {
  return e.args
    .filter((_, i) => i % 2 === 1)
    .map((arg) => {
      const code = value(arg);
      const name = fresh();
      lines.push(`const ${name} = ${code};`);
      return name;
    });
}

/** `time_window(time, duration, slide, start, index)` with the usual case, a time that is a number, written out. */
function window(e: TypedCall, { site, value, fresh, bind, lines }: SplitSite): SplitStruct {
  const [duration, slide, start, index] = e.args
    .slice(1)
    .map((arg) => (arg.kind === 'literal' ? Number(arg.value) : Number.NaN)) as [number, number, number, number];
  const time = value(e.args[0] as TypedExpression);
  const [from, until, isNull, made] = [fresh(), fresh(), fresh(), fresh()];
  const offset = start - index * slide;
  const isAlwaysIn = duration - index * slide >= slide;
  lines.push(
    `let ${from} = null, ${until} = null, ${isNull} = true;`,
    `if (typeof ${time} === 'number') {`,
    `${from} = Math.floor((${time} - ${start}) / ${slide}) * ${slide} + ${offset}; ${until} = ${from} + ${duration};`,
    isAlwaysIn
      ? `${isNull} = false;`
      : `if (${time} < ${until}) ${isNull} = false; else { ${from} = null; ${until} = null; }`,
    `} else if (${time} !== null) {`,
    `const ${made} = ${bind(bindScalar(e, site).evaluate)}(${time});`,
    `if (${made} !== null) { ${from} = ${made}[0]; ${until} = ${made}[1]; ${isNull} = false; }`,
    '}',
  );
  return { fields: [from, until], isNull };
}
