import type { LessonDesk } from 'millrace/testing';

// Orders that are not from de.
export default async function dataFrames({ spark, print }: LessonDesk): Promise<void> {
  const orders = spark.createDataFrame(
    [
      ['de', 1],
      ['fr', 2],
      [null, 3],
    ],
    'country STRING, id INT',
  );
  const rows = await orders.where("country <> 'de'").collect();
  print(`orders: ${rows.map(({ country, id }) => `${String(country)} ${String(id)}`).join(', ')}`);
}
