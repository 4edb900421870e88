import { raise } from '../../kernel/errors.ts';
import type { InternalValue } from '../types/data-type.ts';
import { udfCaller } from './call-udf.ts';
import type { CodeScope } from './code-scope.ts';
import { extractor } from './extract-value.ts';
import { bindScalar, castOf } from './interpret.ts';
import { type Emitter, generateSpecial } from './special-forms.ts';
import type {
  TypedCall,
  TypedCase,
  TypedCast,
  TypedExpression,
  TypedExtract,
  TypedLambda,
  TypedUdf,
} from './typed-expression.ts';

/** Code of an expression: statements first, then a variable or a constant that holds the value; null is JavaScript's null. */
export interface GeneratedCode {
  readonly statements: string;
  readonly value: string;
}

/**
 * JavaScript of an expression within a scope. Only what is needed is evaluated: arguments behind a null one, branches not taken and
 * the other side of AND and OR are left out, as in Spark.
 */
export function generateExpression(expression: TypedExpression, scope: CodeScope): GeneratedCode {
  const generator = new Generator(scope);
  const value = generator.value(expression);
  return { statements: generator.lines.join('\n'), value };
}

class Generator implements Emitter {
  readonly lines: string[] = [];
  private readonly scope: CodeScope;

  constructor(scope: CodeScope) {
    this.scope = scope;
  }

  readonly fresh = (): string => this.scope.fresh();

  readonly bind = (value: unknown): string => this.scope.bind(value);

  readonly value = (e: TypedExpression): string => {
    switch (e.kind) {
      case 'literal':
        return this.constant(e.value);
      case 'attribute':
        return this.scope.attribute(e.id) ?? missing(`the column ${e.name}#${e.id} is not in scope`);
      case 'variable':
        return this.scope.variable(e.id) ?? missing(`the variable ${e.name} is not in scope`);
      case 'cast':
        return this.cast(e);
      case 'case':
        return this.case(e);
      case 'extract':
        return this.extract(e);
      case 'call':
        return this.call(e);
      case 'udf':
        return this.udf(e);
      case 'lambda':
        return this.lambda(e);
      case 'aggregate':
        return missing(`the aggregate ${e.function.name} outside of an aggregation`);
      default:
        return e satisfies never;
    }
  };

  /** Numbers and truth values are written out; everything else is bound. */
  private constant(value: InternalValue): string {
    if (value === null || typeof value === 'boolean') return String(value);
    if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) {
      return value < 0 ? `(${value})` : String(value);
    }
    return this.bind(value);
  }

  /** A variable that is null until the statements of `fill` set it. */
  private result(fill: (name: string) => void): string {
    const name = this.fresh();
    this.lines.push(`let ${name} = null;`);
    fill(name);
    return name;
  }

  private cast(e: TypedCast): string {
    const child = this.value(e.child);
    const inline = inlineCast(e, child);
    if (inline === child) return child;
    const code = inline ?? `${this.bind(castOf(e, this.scope.site))}(${child})`;
    const name = this.fresh();
    this.lines.push(`const ${name} = ${e.child.nullable ? `${child} === null ? null : ` : ''}${code};`);
    return name;
  }

  private case(e: TypedCase): string {
    // One block with jumps out of it: nested blocks would be as deep as there are branches, and the engine's parser recurses.
    return this.result((result) => {
      const block = this.fresh();
      this.lines.push(`${block}: {`);
      for (const [when, then] of e.branches) {
        this.lines.push(`if (${this.value(when)} === true) {`);
        this.lines.push(`${result} = ${this.value(then)};`, `break ${block};`, '}');
      }
      this.lines.push(`${result} = ${this.value(e.otherwise)};`, '}');
    });
  }

  private extract(e: TypedExtract): string {
    return this.result((result) => {
      const child = this.value(e.child);
      this.lines.push(`if (${child} !== null) {`);
      if (e.access.kind === 'field') this.lines.push(`${result} = ${child}[${e.access.index}];`);
      else if (e.access.kind === 'fieldOfElements') {
        this.lines.push(`${result} = ${this.bind(extractor(e.access, e.child.type))}(${child}, 0);`);
      } else {
        const key = this.value(e.access.key);
        const take = this.bind(extractor(e.access, e.child.type));
        this.lines.push(`if (${key} !== null) ${result} = ${take}(${child}, ${key});`);
      }
      this.lines.push('}');
    });
  }

  private call(e: TypedCall): string {
    if (e.function.body.kind === 'special') {
      return this.result((result) => {
        if (!generateSpecial(e, this, result)) missing(`the special function ${e.function.name} is not known`);
      });
    }
    const { evaluate, seesNulls, generate } = bindScalar(e, this.scope.site);
    const write = (args: readonly string[]): string =>
      generate === undefined ? `${this.bind(evaluate)}(${args.join(', ')})` : generate(args, this.bind);
    if (seesNulls === true || !e.args.some((arg) => mayBeNull(arg))) {
      const name = this.fresh();
      const args = e.args.map((arg) => this.value(arg));
      this.lines.push(`const ${name} = ${write(args)};`);
      return name;
    }
    return this.result((result) => {
      let open = 0;
      const args = e.args.map((arg) => {
        const code = this.value(arg);
        if (mayBeNull(arg)) {
          this.lines.push(`if (${code} !== null) {`);
          open++;
        }
        return code;
      });
      this.lines.push(`${result} = ${write(args)};`, '}'.repeat(open));
    });
  }

  private udf(e: TypedUdf): string {
    const call = this.bind(udfCaller(e, this.scope.site.timeZone));
    const args = e.args.map((arg) => this.value(arg));
    const name = this.fresh();
    this.lines.push(`const ${name} = ${call}(${args.join(', ')});`);
    return name;
  }

  private lambda(e: TypedLambda): string {
    const parameters = e.parameters.map(({ id }) => this.scope.declareVariable(id));
    const body = new Generator(this.scope);
    const value = body.value(e.body);
    const name = this.fresh();
    this.lines.push(`const ${name} = (${parameters.join(', ')}) => {`, ...body.lines, `return ${value};`, '};');
    return name;
  }
}

function mayBeNull(e: TypedExpression): boolean {
  return e.kind !== 'lambda' && e.nullable;
}

function missing(what: string): never {
  return raise('INTERNAL_INVARIANT', { what });
}

const wholeKinds = ['tinyint', 'smallint', 'int', 'bigint'];

/** Casts that are no work, or less than a call. */
function inlineCast({ child, type }: TypedCast, code: string): string | undefined {
  const from = wholeKinds.indexOf(child.type.kind);
  if (from >= 0) {
    if (wholeKinds.indexOf(type.kind) >= from) return code;
    if (type.kind === 'double') return child.type.kind === 'bigint' ? `Number(${code})` : code;
    if (type.kind === 'string') return `String(${code})`;
  }
  if (child.type.kind === 'float' && type.kind === 'double') return code;
  return undefined;
}
