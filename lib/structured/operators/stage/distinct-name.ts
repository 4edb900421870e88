import type { InternalValue } from '../../types/data-type.ts';

/** Names the arguments of a distinct aggregate: the same for arguments that are equal. */
export function distinctName(
  values: readonly InternalValue[],
  names: readonly ((value: InternalValue) => unknown)[],
): string {
  let text = '';
  for (let i = 0; i < values.length; i++) {
    const name = (names[i] as (value: InternalValue) => unknown)(values[i] as InternalValue);
    text += typeof name === 'string' ? `${name.length}:${name}` : `${String(name)};`;
  }
  return text;
}
