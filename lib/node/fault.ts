import { armFault, parseFault } from '../kernel/fault-point.ts';
import { raise } from '../kernel/errors.ts';

/** Arms the fault point that `MILLRACE_FAULT` names (`after-commit:3`): tests of recovery stop a program there, as a crash would. */
export function armFaultFromEnvironment(): void {
  const text = process.env['MILLRACE_FAULT'];
  if (text === undefined || text === '') return;
  const { point, count, how } = parseFault(text);
  armFault(point, count, () => {
    if (how === 'throw') raise('INTERNAL_INVARIANT', { what: `the fault point ${point} was armed` });
    process.kill(process.pid, 'SIGKILL');
  });
}
