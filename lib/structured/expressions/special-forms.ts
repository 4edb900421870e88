import type { InternalRow, InternalValue } from '../types/data-type.ts';
import { valueKey } from '../types/value-key.ts';
import { equalityCode, equalityOf } from './comparison.ts';
import type { TypedCall, TypedExpression } from './typed-expression.ts';

type Evaluate = (row: InternalRow) => InternalValue;
type Compile = (e: TypedExpression) => Evaluate;

/** What generating needs: the code of an argument appended to a list of statements, and names. */
export interface Emitter {
  readonly lines: string[];
  /** Appends the statements of an expression and gives the code of its value: a variable or a constant. */
  readonly value: (e: TypedExpression) => string;
  readonly fresh: () => string;
  readonly bind: (value: unknown) => string;
}

interface SpecialForm {
  readonly interpret: (e: TypedCall, compile: Compile) => Evaluate;
  /** Appends statements that set the variable `result`. */
  readonly generate: (e: TypedCall, emitter: Emitter, result: string) => void;
}

/** Functions that do not evaluate all of their arguments, as closures; `undefined` for any other. */
export function interpretSpecial(e: TypedCall, compile: Compile): Evaluate | undefined {
  return e.function.body.kind === 'special' ? forms[e.function.name]?.interpret(e, compile) : undefined;
}

/** The same as code; false for any other function. */
export function generateSpecial(e: TypedCall, emitter: Emitter, result: string): boolean {
  const form = e.function.body.kind === 'special' ? forms[e.function.name] : undefined;
  form?.generate(e, emitter, result);
  return form !== undefined;
}

function pair({ args }: TypedCall): readonly [TypedExpression, TypedExpression] {
  return args as unknown as readonly [TypedExpression, TypedExpression];
}

/** AND and OR: `decisive` settles the result whatever the other side is, null included. */
function logic(decisive: boolean): SpecialForm {
  return {
    interpret(e, compile) {
      const [left, right] = pair(e).map(compile) as [Evaluate, Evaluate];
      return (row) => {
        const a = left(row);
        if (a === decisive) return decisive;
        const b = right(row);
        if (b === decisive) return decisive;
        return a === null || b === null ? null : !decisive;
      };
    },
    generate(e, { lines, value }, result) {
      const [left, right] = pair(e);
      const a = value(left);
      lines.push(`if (${a} === ${decisive}) { ${result} = ${decisive}; } else {`);
      const b = value(right);
      const isSafe = !left.nullable && !right.nullable;
      lines.push(
        isSafe
          ? `${result} = ${b}; }`
          : `${result} = ${b} === ${decisive} ? ${decisive} : ${a} === null || ${b} === null ? null : ${!decisive}; }`,
      );
    },
  };
}

const coalesce: SpecialForm = {
  interpret(e, compile) {
    const args = e.args.map(compile);
    return (row) => {
      for (const arg of args) {
        const value = arg(row);
        if (value !== null) return value;
      }
      return null;
    };
  },
  generate(e, { lines, value }, result) {
    e.args.forEach((arg, i) => {
      if (i > 0) lines.push(`if (${result} === null) {`);
      lines.push(`${result} = ${value(arg)};`);
    });
    lines.push('}'.repeat(Math.max(0, e.args.length - 1)));
  },
};

/** `if(condition, a, b)`, and `nvl2(value, a, b)`. */
function choice(test: (code: string) => string, decides: (value: InternalValue) => boolean): SpecialForm {
  return {
    interpret(e, compile) {
      const [condition, then, otherwise] = e.args.map(compile) as [Evaluate, Evaluate, Evaluate];
      return (row) => (decides(condition(row)) ? then(row) : otherwise(row));
    },
    generate(e, { lines, value }, result) {
      const [condition, then, otherwise] = e.args as readonly [TypedExpression, TypedExpression, TypedExpression];
      lines.push(`if (${test(value(condition))}) {`);
      lines.push(`${result} = ${value(then)};`, '} else {');
      lines.push(`${result} = ${value(otherwise)};`, '}');
    },
  };
}

const isIn: SpecialForm = {
  interpret(e, compile) {
    const constants = constantsOf(e);
    const subject = compile(e.args[0] as TypedExpression);
    if (constants !== undefined) {
      return (row) => {
        const value = subject(row);
        return value === null ? null : constants.has(value) ? true : constants.whenMissing;
      };
    }
    const list = e.args.slice(1).map(compile);
    const isEqual = equalityOf(e.args[0]?.type ?? { kind: 'void' });
    return (row) => {
      const value = subject(row);
      if (value === null) return null;
      let sawNull = false;
      for (const item of list) {
        const other = item(row);
        if (other === null) sawNull = true;
        else if (isEqual(value, other)) return true;
      }
      return sawNull ? null : false;
    };
  },
  generate(e, { lines, value, bind, fresh }, result) {
    const [subject, ...list] = e.args as readonly [TypedExpression, ...TypedExpression[]];
    const a = value(subject);
    lines.push(`if (${a} !== null) {`);
    const constants = constantsOf(e);
    if (constants !== undefined) {
      lines.push(`${result} = ${bind(constants.has)}(${a}) ? true : ${constants.whenMissing};`, '}');
      return;
    }
    const sawNull = fresh();
    lines.push(`let ${sawNull} = false; ${result} = false;`);
    for (const item of list) {
      lines.push(`if (${result} === false) {`);
      const b = value(item);
      lines.push(
        `if (${b} === null) ${sawNull} = true; else if (${equalityCode(subject.type, a, b, bind)}) ${result} = true;`,
      );
      lines.push('}');
    }
    lines.push(`if (${result} === false && ${sawNull}) ${result} = null;`, '}');
  },
};

/** The values of an IN list of literals, to be looked up. */
function constantsOf({
  args,
}: TypedCall): { readonly has: (value: InternalValue) => boolean; readonly whenMissing: false | null } | undefined {
  const [subject, ...list] = args;
  if (subject === undefined || !list.every((item) => item.kind === 'literal')) return undefined;
  const key = valueKey(subject.type);
  const values = list.map((item) => (item.kind === 'literal' ? item.value : null));
  const known = new Set(values.filter((value) => value !== null).map(key));
  return { has: (value) => known.has(key(value)), whenMissing: values.includes(null) ? null : false };
}

const forms: Readonly<Record<string, SpecialForm>> = {
  and: logic(false),
  or: logic(true),
  coalesce,
  ifnull: coalesce,
  nvl: coalesce,
  if: choice(
    (code) => `${code} === true`,
    (value) => value === true,
  ),
  nvl2: choice(
    (code) => `${code} !== null`,
    (value) => value !== null,
  ),
  in: isIn,
};
