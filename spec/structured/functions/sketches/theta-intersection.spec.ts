import { expect, it } from '@jest/globals';
import { MillraceError } from '../../../../lib/kernel/errors.ts';
import { Session } from '../../../../lib/structured/session.ts';

const spark = new Session({ config: { 'spark.sql.session.timeZone': 'UTC' } });

async function codeOf(query: string): Promise<string> {
  try {
    await spark.sql(query).collect();
    return 'none';
  } catch (error) {
    return error instanceof MillraceError ? error.code : String(error);
  }
}

// Spark fails there, too, with an exception of Java that has no class of its own.
it.each([
  ['there are no rows', "SELECT theta_intersection_agg(s) FROM VALUES (X'01030300001E0000') AS t(s) WHERE false"],
  ['all of a group are null', 'SELECT theta_intersection_agg(NULL) FROM VALUES 1 AS t(s)'],
])('the intersection of no sketch is refused: %s', async (_, query) => {
  expect(await codeOf(query)).toBe('QUERY_THETA_INTERSECTION_OF_NONE');
});

it('a sketch with another seed is joined with none', async () => {
  const other = "X'01030300003ACC9415F97DCBBD86A105'";
  const ours = "X'01030300003ACC9315F97DCBBD86A105'";
  const codes = await Promise.all(
    ['union', 'intersection', 'difference'].map((what) => codeOf(`SELECT theta_${what}(${ours}, ${other})`)),
  );
  expect(codes).toEqual(Array.from({ length: 3 }, () => 'THETA_INVALID_INPUT_SKETCH_BUFFER'));
});
