import { raise } from '../../kernel/errors.ts';

/** For operators whose rows arrive in a form of their own, not one by one. */
export function raiseNoInput(operator: string): never {
  return raise('INTERNAL_INVARIANT', { what: `${operator} takes no single rows` });
}
