import { raise } from '../../kernel/errors.ts';
import type { BindSite, ScalarFunction } from '../functions/define-function.ts';
import { castFunction } from '../types/cast.ts';
import type { InternalRow, InternalValue } from '../types/data-type.ts';
import { sqlTypeText } from '../types/type-text.ts';
import { udfCaller } from './call-udf.ts';
import { type EvaluationSite, castSite } from './evaluation-site.ts';
import { extractor } from './extract-value.ts';
import { interpretSpecial } from './special-forms.ts';
import type {
  Attribute,
  LambdaVariable,
  TypedCall,
  TypedCast,
  TypedExpression,
  TypedLambda,
} from './typed-expression.ts';

/** Evaluates an expression for a row. */
export type Evaluate = (row: InternalRow) => InternalValue;

/** Makes closures of an expression: what runs where generating code is not allowed. The same results as the generated code. */
export function interpretExpression(
  expression: TypedExpression,
  input: readonly Attribute[],
  site: EvaluationSite,
): Evaluate {
  return new Interpreter(input, site).compile(expression);
}

class Interpreter {
  private readonly positions: ReadonlyMap<number, number>;
  private readonly site: EvaluationSite;
  /** Variables of lambdas: set by a call, read in its body. Calls do not overlap: evaluation never waits. */
  private readonly variables = new Map<number, { value: InternalValue }>();

  constructor(input: readonly Attribute[], site: EvaluationSite) {
    this.positions = new Map(input.map(({ id }, index) => [id, index]));
    this.site = site;
  }

  compile(e: TypedExpression): Evaluate {
    switch (e.kind) {
      case 'literal': {
        const { value } = e;
        return () => value;
      }
      case 'attribute': {
        const at = this.positions.get(e.id);
        if (at === undefined) return missing(`the column ${e.name}#${e.id} is not in the input`);
        return (row) => row[at] ?? null;
      }
      case 'variable':
        return this.variable(e);
      case 'cast':
        return this.cast(e);
      case 'case': {
        const branches = e.branches.map(([when, then]) => [this.compile(when), this.compile(then)] as const);
        const otherwise = this.compile(e.otherwise);
        return (row) => {
          for (const [when, then] of branches) if (when(row) === true) return then(row);
          return otherwise(row);
        };
      }
      case 'extract': {
        const child = this.compile(e.child);
        const key = 'key' in e.access ? this.compile(e.access.key) : () => 0;
        const take = extractor(e.access, e.child.type);
        return (row) => {
          const value = child(row);
          if (value === null) return null;
          const at = key(row);
          return at === null ? null : take(value, at);
        };
      }
      case 'call':
        return this.call(e);
      case 'udf': {
        const args = e.args.map((arg) => this.compile(arg));
        const call = udfCaller(e, this.site.timeZone);
        return (row) => call(...args.map((arg) => arg(row)));
      }
      case 'lambda':
        return missing('a lambda outside of a call');
      case 'aggregate':
        return missing(`the aggregate ${e.function.name} outside of an aggregation`);
      default:
        return e satisfies never;
    }
  }

  private variable({ id }: LambdaVariable): Evaluate {
    const cell = this.cellOf(id);
    return () => cell.value;
  }

  private cellOf(id: number): { value: InternalValue } {
    const known = this.variables.get(id);
    if (known !== undefined) return known;
    const cell = { value: null };
    this.variables.set(id, cell);
    return cell;
  }

  private cast(e: TypedCast): Evaluate {
    const child = this.compile(e.child);
    const cast = castOf(e, this.site);
    return (row) => {
      const value = child(row);
      return value === null ? null : cast(value);
    };
  }

  private call(e: TypedCall): Evaluate {
    const special = interpretSpecial(e, (arg) => this.compile(arg));
    if (special !== undefined) return special;
    const { evaluate, seesNulls } = bindScalar(e, this.site);
    const args = e.args.map((arg) => (arg.kind === 'lambda' ? this.lambda(arg) : this.compile(arg)));
    if (seesNulls === true) return (row) => evaluate(...args.map((arg) => arg(row)));
    return (row) => {
      const values: unknown[] = [];
      for (const arg of args) {
        const value = arg(row);
        if (value === null) return null;
        values.push(value);
      }
      return evaluate(...values);
    };
  }

  /** A function of the variables' values, within the row at hand. */
  private lambda(e: TypedLambda): (row: InternalRow) => unknown {
    const cells = e.parameters.map(({ id }) => this.cellOf(id));
    const body = this.compile(e.body);
    return (row) =>
      (...values: readonly InternalValue[]): InternalValue => {
        for (const [i, cell] of cells.entries()) cell.value = values[i] ?? null;
        return body(row);
      };
  }
}

function missing(what: string): never {
  return raise('INTERNAL_INVARIANT', { what });
}

/** The cast of a node, for values that are not null. */
export function castOf(e: TypedCast, site: EvaluationSite): (value: InternalValue) => InternalValue {
  return (
    castFunction(e.child.type, e.type, castSite(e.mode, site)) ??
    raise('DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION', {
      expression: 'a value',
      srcType: sqlTypeText(e.child.type),
      targetType: sqlTypeText(e.type),
    })
  );
}

/** The body of a call's function, bound to its arguments and the site. */
export function bindScalar(e: TypedCall, site: EvaluationSite): ScalarFunction {
  const { body, name } = e.function;
  if (body.kind !== 'scalar') return missing(`the ${body.kind} function ${name} is evaluated as a scalar one`);
  const bindSite: BindSite = {
    ansi: site.ansi,
    timeZone: site.timeZone,
    context: site.context,
    args: e.args,
    type: e.type,
    ...(e.options === undefined ? {} : { options: e.options }),
  };
  return body.bind(bindSite);
}
