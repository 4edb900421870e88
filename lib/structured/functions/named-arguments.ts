import { raise } from '../../kernel/errors.ts';
import type { Expression } from '../expressions/expression.ts';
import type { FunctionDefinition } from './define-function.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/**
 * A call with its arguments by position: `mask(s, lowerChar => 'q')` becomes `mask(s, 'X', 'q')`. Names are those of the function's usage;
 * arguments that are left out before a named one take their defaults.
 */
export function arrangeArguments(definition: FunctionDefinition, call: Call): Call {
  const { argNames, ...rest } = call;
  if (argNames === undefined) return call;
  const names = parametersOf(definition).map((name) => name.toLowerCase());
  const placed: (Expression | undefined)[] = [];
  call.args.forEach((arg, i) => {
    const name = argNames[i] ?? null;
    const at = name === null ? i : names.indexOf(name.toLowerCase());
    if (at < 0) {
      raise('UNRECOGNIZED_PARAMETER_NAME', {
        argumentName: name ?? '',
        routineName: definition.name,
        proposal: names.length === 0 ? 'none' : parametersOf(definition).join(', '),
      });
    }
    if (name === null && i > 0 && argNames[i - 1] !== null) {
      raise('UNEXPECTED_POSITIONAL_ARGUMENT', { routineName: definition.name, parameterName: argNames[i - 1] ?? '' });
    }
    if (placed[at] !== undefined) {
      raise('DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED', {
        routineName: definition.name,
        parameterName: names[at] ?? '',
      });
    }
    placed[at] = arg;
  });
  const args = Array.from(placed, (arg, at) => arg ?? defaultOf(definition, names[at] ?? ''));
  return { ...rest, args };
}

/** `mask(input[, upperChar])` has the parameters `input` and `upperChar`. */
function parametersOf({ usage }: FunctionDefinition): readonly string[] {
  const inside = /\(([^)]*)\)/u.exec(usage)?.[1] ?? '';
  return inside
    .replaceAll(/[[\]]/gu, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function defaultOf(definition: FunctionDefinition, name: string): Expression {
  for (const [parameter, value] of Object.entries(definition.defaults ?? {})) {
    if (parameter.toLowerCase() === name) {
      return { kind: 'literal', value, type: { kind: value === null ? 'void' : 'string' } };
    }
  }
  return raise('REQUIRED_PARAMETER_NOT_FOUND', { routineName: definition.name, parameterName: name });
}
