import { raise } from '../../kernel/errors.ts';

/** Functions that Spark knows and refuses as it comes, with how many arguments they take: nobody is told that they do not exist. */
const functionsOfTime: Readonly<Record<string, readonly [least: number, most: number, usage: string]>> = {
  make_time: [3, 3, 'make_time(hour, minute, second)'],
  time: [1, 1, 'time(expr)'],
  time_diff: [3, 3, 'time_diff(unit, start, end)'],
  time_trunc: [2, 2, 'time_trunc(unit, time)'],
  to_time: [1, 2, 'to_time(str[, format])'],
  try_to_time: [1, 2, 'try_to_time(str[, format])'],
};

/** Whether a function is of those that are refused. */
export function isRefused(name: string): boolean {
  return Object.hasOwn(functionsOfTime, name);
}

/** Refuses a call as Spark does: first for the number of its arguments. TIME is behind `spark.sql.timeType.enabled`, which is off there. */
export function refuseFunction(name: string, actual: number): never {
  const [least, most, usage] = functionsOfTime[name] ?? [0, 0, name];
  if (actual < least || actual > most) {
    const expected = least === most ? `${least}` : `${least} to ${most}`;
    raise('WRONG_NUM_ARGS.WITHOUT_SUGGESTION', { function: name, expected, actual, usage });
  }
  return raise('UNSUPPORTED_TIME_TYPE', {});
}
