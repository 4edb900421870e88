/**
 * Functions that Spark knows and refuses as it comes, by the name of its error: nobody is told that they do not exist. Those of TIME are
 * behind `spark.sql.timeType.enabled`, which is off there.
 */
export const refusedFunctions: ReadonlyMap<string, 'UNSUPPORTED_TIME_TYPE'> = new Map([
  ['make_time', 'UNSUPPORTED_TIME_TYPE'],
  ['time_diff', 'UNSUPPORTED_TIME_TYPE'],
  ['time_trunc', 'UNSUPPORTED_TIME_TYPE'],
  ['to_time', 'UNSUPPORTED_TIME_TYPE'],
  ['try_to_time', 'UNSUPPORTED_TIME_TYPE'],
]);
