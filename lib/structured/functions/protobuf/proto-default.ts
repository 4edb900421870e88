import type { InternalValue } from '../../types/data-type.ts';
import { toLong } from '../../types/long.ts';
import { invalidSchema } from './proto-file.ts';
import type { FieldPlan } from './proto-plan.ts';

const words: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: NaN };

/** The default that a definition of proto2 gives a field. */
export function declaredDefault({ field, value }: FieldPlan): InternalValue | undefined {
  const text = field.default;
  if (text === undefined) return undefined;
  if (value.kind === 'enum') {
    return value.type.kind === 'string' ? text : (value.enum.values.find(([name]) => name === text)?.[1] ?? null);
  }
  switch (value.type.kind) {
    case 'string':
      return text;
    case 'boolean':
      return text === 'true';
    case 'binary':
      return /^[\x20-\x5b\x5d-\x7e]*$/u.test(text) ? new TextEncoder().encode(text) : wrong(field.name, text);
    case 'float':
    case 'double':
      return words[text] ?? Number(text);
    default:
      return /^-?\d+$/u.test(text) ? toLong(BigInt(text)) : wrong(field.name, text);
  }
}

function wrong(field: string, text: string): never {
  return invalidSchema(`the default ${JSON.stringify(text)} of the field ${field} cannot be read`);
}
