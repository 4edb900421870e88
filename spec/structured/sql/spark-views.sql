CREATE OR REPLACE TEMP VIEW emp AS SELECT * FROM VALUES (1, 'Ann', 'eng', 100, NULL), (2, 'Bob', 'eng', 80, 1), (3, 'Cid', 'ops', 70, 1), (4, 'Dee', 'ops', 70, 3), (5, 'Eve', NULL, 60, 1), (6, 'Fay', 'law', NULL, 2) AS emp(id, name, dept, salary, boss)

CREATE OR REPLACE TEMP VIEW dept AS SELECT * FROM VALUES ('eng', 1), ('ops', 2), ('hr', 3), (NULL, 9) AS dept(dept, floor)

CREATE OR REPLACE TEMP VIEW t1 AS SELECT * FROM VALUES (1, 2), (1, 3), (2, NULL), (NULL, 5), (3, 1) AS t1(a, b)

CREATE OR REPLACE TEMP VIEW t2 AS SELECT * FROM VALUES (1, 10), (1, 11), (3, 30), (4, NULL), (NULL, 50) AS t2(a, c)

CREATE OR REPLACE TEMP VIEW ints AS SELECT * FROM VALUES (1), (3), (5) AS ints(n)

CREATE OR REPLACE TEMP VIEW none AS SELECT a, b FROM t1 WHERE false

CREATE OR REPLACE TEMP VIEW ev AS SELECT id, CAST(ts AS TIMESTAMP) AS ts, v FROM VALUES ('x', '2024-01-01 10:00:00', 1), ('x', '2024-01-01 10:04:00', 2), ('y', '2024-01-01 10:11:00', 3), ('x', '2024-01-01 10:21:00', 4), ('y', NULL, 5) AS ev(id, ts, v)

CREATE OR REPLACE TEMP VIEW deep AS SELECT * FROM VALUES (1, array(10, 20), map('k', 1), named_struct('x', 7, 'y', 'seven')), (2, array(), map(), named_struct('x', 8, 'y', NULL)), (3, NULL, NULL, NULL) AS deep(id, arr, m, s)
