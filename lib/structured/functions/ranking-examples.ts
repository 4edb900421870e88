import type { FunctionDefinition } from './define-function.ts';

type Examples = FunctionDefinition['examples'];

const four = "FROM VALUES ('a', 10), ('b', 20), ('c', 20), ('d', 30) AS t(x, y)";

/** One query for each function that needs an OVER: no expression by itself shows what it gives. */
export const rankingExamples: Readonly<Record<string, Examples>> = {
  row_number: [[`SELECT x, row_number() OVER (ORDER BY y DESC, x) ${four}`, 'd\t1\nb\t2\nc\t3\na\t4']],
  rank: [[`SELECT x, rank() OVER (ORDER BY y) ${four}`, 'a\t1\nb\t2\nc\t2\nd\t4']],
  dense_rank: [[`SELECT x, dense_rank() OVER (ORDER BY y) ${four}`, 'a\t1\nb\t2\nc\t2\nd\t3']],
  percent_rank: [
    [
      "SELECT x, percent_rank() OVER (ORDER BY x) FROM VALUES ('a'), ('b'), ('b'), ('c'), ('d') AS t(x)",
      'a\t0.0\nb\t0.25\nb\t0.25\nc\t0.75\nd\t1.0',
    ],
  ],
  cume_dist: [[`SELECT x, cume_dist() OVER (ORDER BY y) ${four}`, 'a\t0.25\nb\t0.75\nc\t0.75\nd\t1.0']],
  ntile: [[`SELECT x, ntile(3) OVER (ORDER BY x) ${four}`, 'a\t1\nb\t1\nc\t2\nd\t3']],
  lag: [[`SELECT x, lag(y) OVER (ORDER BY x) ${four}`, 'a\tNULL\nb\t10\nc\t20\nd\t20']],
  lead: [[`SELECT x, lead(y, 2, 0) OVER (ORDER BY x) ${four}`, 'a\t20\nb\t30\nc\t0\nd\t0']],
  nth_value: [[`SELECT x, nth_value(y, 2) OVER (ORDER BY x) ${four}`, 'a\tNULL\nb\t20\nc\t20\nd\t20']],
};
