import type { TypedExpression } from '../../expressions/typed-expression.ts';
import type { InternalValue, StructField, StructType } from '../../types/data-type.ts';
import { type FunctionDefinition, type ScalarFunction, defineFunction } from '../define-function.ts';
import { constantOf } from '../signatures.ts';
import { countOf, wrongType } from './operands.ts';

function structOf(name: string, args: readonly TypedExpression[]): StructType {
  const struct = args[0];
  if (struct?.type.kind === 'struct') return struct.type;
  return wrongType(name, struct as TypedExpression, 'a STRUCT');
}

function nameIn(name: string, args: readonly TypedExpression[]): string {
  return String(constantOf(name, args, 1)).toLowerCase();
}

function hasName(name: string): (field: StructField) => boolean {
  return (field) => field.name.toLowerCase() === name;
}

/** `Column.withField`: not a function of SQL. */
const withField = defineFunction({
  name: 'with_field',
  group: 'operator',
  summary: 'The struct with a field added, or replaced if it has one of that name.',
  usage: 'with_field(struct, name, value)',
  examples: [["with_field(named_struct('a', 1), 'b', 2)", '{1, 2}']],
  resolve(args) {
    countOf('with_field', args, 3);
    const struct = structOf('with_field', args);
    const value = args[2] as TypedExpression;
    const isNamed = hasName(nameIn('with_field', args));
    const field = { name: String(constantOf('with_field', args, 1)), type: value.type, nullable: value.nullable };
    const fields = struct.fields.some(isNamed)
      ? struct.fields.map((each) => (isNamed(each) ? field : each))
      : [...struct.fields, field];
    return {
      args: args.map(({ type }) => type),
      type: { kind: 'struct', fields },
      nullable: args[0]?.nullable === true,
    };
  },
  body: {
    kind: 'scalar',
    bind({ args }): ScalarFunction {
      const { fields } = structOf('with_field', args);
      const isNamed = hasName(nameIn('with_field', args));
      return {
        seesNulls: true,
        evaluate(struct: readonly InternalValue[] | null, _: string, value: InternalValue) {
          if (struct === null) return null;
          const next = fields.map((field, i) => (isNamed(field) ? value : (struct[i] ?? null)));
          if (!fields.some(isNamed)) next.push(value);
          return next;
        },
      };
    },
  },
});

/** `Column.dropFields`: not a function of SQL. */
const dropFields = defineFunction({
  name: 'drop_fields',
  group: 'operator',
  summary: 'The struct without a field.',
  usage: 'drop_fields(struct, name)',
  examples: [["drop_fields(named_struct('a', 1, 'b', 2), 'b')", '{1}']],
  resolve(args) {
    countOf('drop_fields', args, 2);
    const struct = structOf('drop_fields', args);
    const isNamed = hasName(nameIn('drop_fields', args));
    const fields = struct.fields.filter((field) => !isNamed(field));
    return { args: args.map(({ type }) => type), type: { kind: 'struct', fields } };
  },
  body: {
    kind: 'scalar',
    bind({ args }): ScalarFunction {
      const isNamed = hasName(nameIn('drop_fields', args));
      const kept = structOf('drop_fields', args).fields.flatMap((field, i) => (isNamed(field) ? [] : [i]));
      return { evaluate: (struct: readonly InternalValue[]) => kept.map((i) => struct[i] ?? null) };
    },
  },
});

export const structOperators: readonly FunctionDefinition[] = [withField, dropFields];
