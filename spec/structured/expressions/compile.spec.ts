import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MillraceError } from '../../../lib/kernel/errors.ts';
import { CodeScope } from '../../../lib/structured/expressions/code-scope.ts';
import { compileExpression } from '../../../lib/structured/expressions/compile.ts';
import type { EvaluationSite } from '../../../lib/structured/expressions/evaluation-site.ts';
import { generateExpression } from '../../../lib/structured/expressions/generate.ts';
import type { Attribute, TypedExpression } from '../../../lib/structured/expressions/typed-expression.ts';
import { findFunction } from '../../../lib/structured/functions/registry.ts';
import type { InternalRow, InternalValue } from '../../../lib/structured/types/data-type.ts';
import { atomic } from '../../../lib/structured/types/type-classes.ts';
import { columns, expressions, rows } from './random-expression.ts';

function siteOf(ansi: boolean, mayGenerate: boolean): EvaluationSite {
  return { ansi, timeZone: 'America/New_York', mayGenerate, context: { batchTimestampUs: 0, partitionId: 0 } };
}

/** What comes out, errors included. */
function outcome(evaluate: (row: InternalRow) => InternalValue, row: InternalRow): unknown {
  try {
    return evaluate(row);
  } catch (error) {
    return error instanceof MillraceError ? error.message : error;
  }
}

/** What `Function` is where generating code is forbidden. */
function refuse(): never {
  throw new EvalError('forbidden');
}

function literal(value: InternalValue, kind: 'int' | 'string' | 'boolean' = 'int'): TypedExpression {
  return { kind: 'literal', value, type: atomic(kind), nullable: value === null };
}

function call(name: string, ...args: readonly TypedExpression[]): TypedExpression {
  const definition = findFunction(name);
  if (definition === undefined) throw new TypeError(name);
  const { type } = definition.resolve(args, { ansi: true, timeZone: 'UTC' });
  return { kind: 'call', function: definition, args, type, nullable: true };
}

describe('generated and interpreted expressions', () => {
  it.each([true, false])('give the same results and the same errors (ANSI %s)', (ansi) => {
    fc.assert(
      fc.property(expressions(ansi), fc.array(rows, { minLength: 1, maxLength: 5 }), (expression, data) => {
        const generated = compileExpression(expression, columns, siteOf(ansi, true));
        const interpreted = compileExpression(expression, columns, siteOf(ansi, false));
        for (const row of data) expect(outcome(generated, row)).toEqual(outcome(interpreted, row));
      }),
      { numRuns: 400 },
    );
  });

  it.each<[string, boolean]>([
    ['generated', true],
    ['interpreted', false],
  ])('%s: the side that does not count is not evaluated', (_, mayGenerate) => {
    const fails = call('=', call('/', literal(1), literal(0)), literal(1));
    const run = (e: TypedExpression): unknown => outcome(compileExpression(e, [], siteOf(true, mayGenerate)), []);
    const yes = literal(true, 'boolean');
    const no = literal(false, 'boolean');
    expect(run(call('and', no, fails))).toBe(false);
    expect(run(call('or', yes, fails))).toBe(true);
    expect(run(call('if', yes, literal(1), call('div', literal(1), literal(0))))).toBe(1);
    expect(run(call('coalesce', literal(1), call('div', literal(1), literal(0))))).toBe(1);
    expect(run(call('and', yes, fails))).toMatch(/^\[DIVIDE_BY_ZERO\]/u);
    expect(run(call('+', literal(null), call('div', literal(1), literal(0))))).toBeNull();
  });
});

describe('generated code', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      "'); process.exit(1); ('",
      '`${process.exit(1)}`',
      '*/ throw 1 /*',
      '\\',
      '\n',
      '\u2028',
      '"',
      '__proto__',
    ),
    fc.string(),
  );

  it('holds no text of names and literals', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, value) => {
        const column: Attribute = {
          kind: 'attribute',
          id: 1,
          name,
          type: atomic('string'),
          nullable: true,
          qualifier: [name],
        };
        const expression = call('=', call('concat', column, literal(value, 'string')), literal(name, 'string'));
        const code = (n: string, v: string): string => {
          const renamed = { ...column, name: n };
          const e = call('=', call('concat', renamed, literal(v, 'string')), literal(n, 'string'));
          return generateExpression(e, new CodeScope(siteOf(true, true), new Map([[1, 'a0']]))).statements;
        };
        // The same code, whatever the texts are; equal constants share a parameter.
        expect(code(name, value)).toBe(name === value ? code('x', 'x') : code('x', 'y'));
        expect(compileExpression(expression, [column], siteOf(true, true))(['q'])).toBe(`q${value}` === name);
      }),
    );
  });

  it('falls back to closures where code cannot be generated', () => {
    const original = globalThis.Function;
    globalThis.Function = refuse as unknown as FunctionConstructor;
    try {
      expect(compileExpression(call('+', literal(1), literal(2)), [], siteOf(true, true))([])).toBe(3);
    } finally {
      globalThis.Function = original;
    }
  });
});
