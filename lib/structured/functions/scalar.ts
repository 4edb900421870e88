import type { InternalValue } from '../types/data-type.ts';
import type { BindSite, FunctionDefinition, FunctionGroup, ScalarFunction } from './define-function.ts';
import { takes } from './signatures.ts';

type Evaluate = (...args: readonly any[]) => InternalValue;

interface ScalarText {
  readonly summary: string;
  readonly usage: string;
  readonly examples: FunctionDefinition['examples'];
  readonly aliases?: readonly string[];
  readonly defaults?: NonNullable<FunctionDefinition['defaults']>;
}

interface ScalarSettings {
  /** When left out: null if any argument is. */
  readonly nullable?: boolean;
  readonly seesNulls?: boolean;
  readonly deterministic?: boolean;
  readonly generate?: (args: readonly string[]) => string;
}

type DefineScalar = (
  name: string,
  parameters: Parameters<typeof takes>[1],
  returns: Parameters<typeof takes>[2],
  text: ScalarText,
  /** The function itself, or with `bind` what makes it from the call: patterns and formats are compiled there, once. */
  body: Evaluate | { readonly bind: (site: BindSite) => Evaluate },
  settings?: ScalarSettings,
) => FunctionDefinition;

/** A shorthand for the scalar functions of one group. */
export function scalarsOf(group: FunctionGroup): DefineScalar {
  return (name, parameters, returns, text, body, settings = {}) => {
    const { nullable, deterministic, seesNulls, generate } = settings;
    const rest: Omit<ScalarFunction, 'evaluate'> = {
      ...(seesNulls === undefined ? {} : { seesNulls }),
      ...(generate === undefined ? {} : { generate }),
    };
    const fixed: ScalarFunction | undefined = typeof body === 'function' ? { ...rest, evaluate: body } : undefined;
    return {
      name,
      group,
      ...text,
      ...(deterministic === undefined ? {} : { deterministic }),
      resolve: takes(name, parameters, returns, nullable === undefined ? {} : { nullable }),
      body: {
        kind: 'scalar',
        bind: (site) => fixed ?? { ...rest, evaluate: (body as { bind: (site: BindSite) => Evaluate }).bind(site) },
      },
    };
  };
}
