SELECT 1

SELECT 1 AS a, 'x' AS b, 2.5 AS c, NULL AS d, true AS e

select Name, SALARY from Emp

SELECT * FROM emp

SELECT emp.* FROM emp WHERE id < 3

SELECT e.name AS `the name`, e.`salary` + 1 FROM emp AS e

SELECT "double quoted", 'it''s', r'raw\n', 'a' 'b' FROM ints WHERE n = 1

SELECT /* a /* nested */ comment */ n -- to the end
FROM ints

SELECT n FROM ints;

SELECT n n FROM ints i

SELECT n AS select FROM ints

SELECT count(*) count FROM ints

SELECT 1 AS `a``b`

SELECT * EXCEPT (boss, salary) FROM emp WHERE id = 1

SELECT e.* EXCEPT (boss), d.floor FROM emp e JOIN dept d ON e.dept = d.dept WHERE id = 1

SELECT ALL dept FROM emp

SELECT DISTINCT dept FROM emp

SELECT DISTINCT dept, salary > 65 AS rich FROM emp

SELECT DISTINCT dept FROM emp ORDER BY dept DESC

SELECT DISTINCT dept FROM emp ORDER BY salary

SELECT count(DISTINCT dept), count(dept), count(*) FROM emp

SELECT id FROM emp WHERE salary BETWEEN 70 AND 90 AND name LIKE '%b%'

SELECT id FROM emp WHERE salary IS NULL OR dept IS NULL

SELECT id FROM emp WHERE NOT salary > 70

SELECT id FROM emp WHERE (dept, salary) = ('eng', 80)

SELECT id FROM emp WHERE dept IN ('eng', 'law')

SELECT id FROM emp WHERE dept NOT IN ('eng', NULL)

SELECT id FROM emp WHERE dept IS DISTINCT FROM 'eng'

SELECT CASE WHEN salary > 75 THEN 'high' WHEN salary > 65 THEN 'mid' ELSE 'low' END AS band, id FROM emp

SELECT CASE dept WHEN 'eng' THEN 1 WHEN 'ops' THEN 2 END FROM emp

SELECT IF(salary IS NULL, 0, salary), COALESCE(dept, '?'), NULLIF(dept, 'eng') FROM emp

SELECT CAST('12' AS INT) + 1, '12' :: INT, TRY_CAST('x' AS INT)

SELECT DATE '2024-01-31' + INTERVAL 1 MONTH, TIMESTAMP '2024-01-01 00:00:00' - INTERVAL '1' DAY

SELECT s.x, s.y, arr[0], m['k'] FROM deep

SELECT s.* FROM deep

SELECT transform(arr, x -> x + 1), filter(arr, x -> x > 10) FROM deep

SELECT id FROM emp ORDER BY salary DESC NULLS FIRST, id

SELECT id, salary FROM emp ORDER BY salary NULLS LAST, id DESC

SELECT id, salary FROM emp ORDER BY 2, 1

SELECT id AS x FROM emp ORDER BY x DESC LIMIT 2

SELECT name FROM emp ORDER BY length(name), name LIMIT 3 OFFSET 1

SELECT name FROM emp ORDER BY id OFFSET 4

SELECT name FROM emp ORDER BY id LIMIT ALL

SELECT name FROM emp ORDER BY id LIMIT 1 + 1

SELECT id, dept FROM emp ORDER BY ALL

SELECT dept, id FROM emp ORDER BY ALL DESC NULLS FIRST

SELECT id FROM emp SORT BY id DESC

SELECT dept, count(*) AS n, sum(salary), avg(salary), min(name), max(name) FROM emp GROUP BY dept

SELECT dept d, sum(salary) s FROM emp GROUP BY d

SELECT dept, salary > 65, count(*) FROM emp GROUP BY 1, 2

SELECT dept, salary > 65, count(*) FROM emp GROUP BY ALL

SELECT count(*) FROM emp GROUP BY ALL

SELECT upper(dept) AS u, sum(salary) + 1 AS s FROM emp GROUP BY ALL ORDER BY ALL

SELECT dept FROM emp GROUP BY dept HAVING count(*) > 1

SELECT dept, sum(salary) AS s FROM emp GROUP BY dept HAVING s > 100 ORDER BY s

SELECT dept FROM emp GROUP BY dept HAVING max(salary) > 75 AND dept <> 'x'

SELECT count(*) AS n FROM emp HAVING n > 100

SELECT sum(salary) FROM none, emp

SELECT sum(a), count(a), max(a) FROM none

SELECT a, count(*) FROM none GROUP BY a

SELECT dept, count(*) FROM emp GROUP BY dept ORDER BY count(*) DESC, dept NULLS LAST

SELECT dept, sum(salary) FILTER (WHERE boss = 1) FROM emp GROUP BY dept

SELECT dept, collect_list(id) FROM emp GROUP BY dept ORDER BY dept

SELECT dept, id, count(*) FROM emp GROUP BY ROLLUP (dept, id)

SELECT dept, salary, count(*) AS n FROM emp GROUP BY CUBE (dept, salary)

SELECT dept, salary, count(*) AS n FROM emp GROUP BY dept, salary WITH ROLLUP

SELECT dept, boss, sum(salary) FROM emp GROUP BY GROUPING SETS ((dept, boss), (dept), ())

SELECT dept, boss, sum(salary) FROM emp GROUP BY dept, boss GROUPING SETS ((dept), (boss))

SELECT dept, boss, sum(salary) FROM emp GROUP BY GROUPING SETS (dept, boss)

SELECT dept, boss, count(*) FROM emp GROUP BY dept, ROLLUP (boss)

SELECT dept, boss, count(*) FROM emp GROUP BY dept, GROUPING SETS ((boss), ())

SELECT dept, grouping(dept), grouping_id(), count(*) FROM emp GROUP BY ROLLUP (dept)

SELECT dept, boss, grouping_id(dept, boss), count(*) FROM emp GROUP BY CUBE (dept, boss)

SELECT dept, count(*) FROM emp GROUP BY ROLLUP (dept) HAVING grouping(dept) = 0

SELECT dept, sum(salary) FROM emp GROUP BY ROLLUP (dept) ORDER BY grouping(dept), dept

SELECT dept, boss, count(*) FROM emp GROUP BY ROLLUP ((dept, boss))

SELECT dept, boss, count(*) FROM emp GROUP BY GROUPING SETS (ROLLUP (dept, boss), (boss))

SELECT dept + 1 FROM emp GROUP BY dept + 1 HAVING false

SELECT salary + 1 AS s1, count(*) FROM emp GROUP BY salary + 1 ORDER BY salary + 1

SELECT a + b, count(*) FROM t1 GROUP BY a + b

SELECT a + 1 + 1, count(*) FROM t1 GROUP BY a + 1

SELECT window.start, window.end, count(*) AS n FROM ev GROUP BY window(ts, '10 minutes') ORDER BY 1

SELECT window(ts, '10 minutes').start AS s, sum(v) FROM ev GROUP BY window(ts, '10 minutes')

SELECT window(ts, '10 minutes', '5 minutes') AS w, id, sum(v) AS s FROM ev GROUP BY window(ts, '10 minutes', '5 minutes'), id

SELECT id, session_window.start, session_window.end, count(*) FROM ev GROUP BY session_window(ts, '5 minutes'), id

SELECT id, session_window(ts, '5 minutes') AS w, count(*) AS n FROM ev GROUP BY id, w

SELECT window_time(window) AS wt, sum(n) FROM (SELECT window, count(*) AS n FROM ev GROUP BY window(ts, '5 minutes')) GROUP BY window_time(window)

SELECT window(ts, '1 hour') w, max(v) FROM ev GROUP BY 1

SELECT emp.name, dept.floor FROM emp JOIN dept ON emp.dept = dept.dept

SELECT e.name, d.floor FROM emp e INNER JOIN dept d ON e.dept = d.dept AND d.floor > 1

SELECT e.name, d.floor FROM emp e LEFT JOIN dept d ON e.dept = d.dept

SELECT e.name, d.floor FROM emp e LEFT OUTER JOIN dept d USING (dept)

SELECT * FROM emp RIGHT JOIN dept USING (dept)

SELECT * FROM t1 FULL OUTER JOIN t2 USING (a)

SELECT a, t1.a, t2.a FROM t1 FULL JOIN t2 USING (a)

SELECT a, t1.a, t2.a FROM t1 RIGHT JOIN t2 USING (a)

SELECT t1.a, t2.a FROM t1 LEFT JOIN t2 USING (a)

SELECT * FROM t1 NATURAL JOIN t2

SELECT * FROM t1 NATURAL LEFT JOIN t2

SELECT * FROM t1 NATURAL FULL OUTER JOIN t2

SELECT * FROM ints NATURAL JOIN t2

SELECT * FROM t1 LEFT SEMI JOIN t2 ON t1.a = t2.a

SELECT * FROM t1 SEMI JOIN t2 USING (a)

SELECT * FROM t1 LEFT ANTI JOIN t2 ON t1.a = t2.a

SELECT * FROM t1 ANTI JOIN t2 ON t1.a = t2.a AND t2.c > 10

SELECT * FROM ints CROSS JOIN (SELECT 1 AS one)

SELECT i.n, j.n FROM ints i, ints j WHERE i.n < j.n

SELECT * FROM ints i JOIN ints j

SELECT * FROM ints i JOIN ints j ON i.n + 2 = j.n

SELECT x.n FROM ints x JOIN ints y ON x.n = y.n JOIN ints z ON y.n = z.n

SELECT * FROM (t1 JOIN t2 ON t1.a = t2.a) JOIN ints ON n = t1.a

SELECT count(*) FROM emp e JOIN emp m ON e.boss = m.id LEFT JOIN emp g ON m.boss = g.id

SELECT * FROM t1 FULL JOIN t2 ON t1.a = t2.a AND t1.b > 2

SELECT * FROM t1 JOIN t2 ON t1.a <=> t2.a

SELECT id, e FROM deep LATERAL VIEW explode(arr) x AS e

SELECT id, e FROM deep LATERAL VIEW OUTER explode(arr) x AS e

SELECT id, x.col FROM deep LATERAL VIEW explode(arr) x

SELECT id, k, v FROM deep LATERAL VIEW explode(m) x AS k, v

SELECT id, p, e FROM deep LATERAL VIEW posexplode(arr) x AS p, e WHERE e > 10

SELECT id, a, b FROM deep LATERAL VIEW explode(arr) x AS a LATERAL VIEW explode(array(a, a + 1)) y AS b

SELECT id, explode(arr) FROM deep

SELECT id, explode(arr) AS e FROM deep

SELECT id, posexplode(arr) AS (p, e) FROM deep

SELECT id, inline(array(s)) FROM deep

SELECT * FROM explode(array(1, 2)) AS t(c)

SELECT * FROM ints, LATERAL explode(array(n, n + 1)) AS t(c)

SELECT * FROM ints, LATERAL (SELECT n * 2 AS twice)

SELECT * FROM t1, LATERAL (SELECT c FROM t2 WHERE t2.a = t1.a)

SELECT * FROM t1 LEFT JOIN LATERAL (SELECT max(c) AS m FROM t2 WHERE t2.a = t1.a)

SELECT * FROM range(3)

SELECT id * 2 FROM range(1, 7, 2)

SELECT r.id FROM range(2) AS r

SELECT x FROM range(2) AS r(x)

VALUES (1, 'a'), (2, 'b')

VALUES 1, 2, 3

SELECT * FROM VALUES (1, 2.5), (3, NULL) AS t(x, y)

SELECT col1 FROM VALUES ('x'), ('y')

SELECT x FROM (VALUES (1), (2)) AS t(x)

SELECT y FROM emp AS e(i, y, z, s, b) WHERE i = 1

VALUES (1, 2), (3)

SELECT * FROM VALUES (1), ('a')

SELECT * FROM (SELECT id, name FROM emp WHERE id < 3)

SELECT q.n FROM (SELECT count(*) AS n FROM emp) q

SELECT * FROM (SELECT 1 AS a) t JOIN (SELECT 1 AS b) u ON t.a = u.b

FROM emp SELECT name WHERE id = 1

TABLE ints

WITH x AS (SELECT n FROM ints WHERE n > 1) SELECT * FROM x

WITH x AS (SELECT n FROM ints), y AS (SELECT n + 1 AS m FROM x) SELECT * FROM x JOIN y ON n = m - 1

WITH x(a) AS (SELECT n FROM ints) SELECT a FROM x

WITH x(a, b) AS (SELECT n FROM ints) SELECT a FROM x

WITH ints AS (SELECT 100 AS n) SELECT n FROM ints

WITH x AS (SELECT 1 AS c) SELECT * FROM (WITH x AS (SELECT 2 AS c) SELECT * FROM x)

WITH x AS (SELECT 1 AS c), y AS (WITH x AS (SELECT 2 AS c) SELECT * FROM x) SELECT * FROM x, y

WITH x AS (SELECT 1), x AS (SELECT 2) SELECT * FROM x

WITH x AS (SELECT n FROM ints) SELECT * FROM emp WHERE id IN (SELECT n FROM x)

SELECT * FROM (WITH z AS (SELECT 5 AS q) SELECT q FROM z) WHERE q > 1

WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 5) SELECT i FROM r

SELECT n FROM ints UNION ALL SELECT a FROM t1

SELECT n FROM ints UNION SELECT a FROM t1

SELECT n FROM ints UNION DISTINCT SELECT 3

SELECT a FROM t1 EXCEPT SELECT n FROM ints

SELECT a FROM t1 EXCEPT ALL SELECT n FROM ints

SELECT a FROM t1 MINUS SELECT n FROM ints

SELECT a FROM t1 INTERSECT SELECT a FROM t2

SELECT a FROM t1 INTERSECT ALL SELECT a FROM t2

SELECT n FROM ints UNION ALL SELECT 2.5

SELECT n FROM ints UNION ALL SELECT 'x'

SELECT n FROM ints UNION SELECT 7 INTERSECT SELECT 7

(SELECT n FROM ints UNION SELECT 7) INTERSECT SELECT 7

(SELECT n FROM ints ORDER BY n DESC LIMIT 1) UNION ALL (SELECT 2) ORDER BY n

SELECT n FROM ints UNION ALL SELECT 2 ORDER BY n LIMIT 2

SELECT n, n FROM ints UNION ALL SELECT 1

SELECT n FROM ints UNION ALL SELECT array(1)

SELECT m FROM deep INTERSECT SELECT m FROM deep

VALUES (1) UNION VALUES (2)

SELECT name FROM emp WHERE EXISTS (SELECT 1 FROM dept WHERE dept.dept = emp.dept)

SELECT name FROM emp WHERE NOT EXISTS (SELECT 1 FROM dept WHERE dept.dept = emp.dept)

SELECT name FROM emp e WHERE EXISTS (SELECT * FROM emp b WHERE b.boss = e.id AND b.salary < e.salary)

SELECT name FROM emp WHERE EXISTS (SELECT 1 FROM none)

SELECT name FROM emp WHERE NOT EXISTS (SELECT 1 FROM none)

SELECT name FROM emp WHERE EXISTS (SELECT max(floor) FROM dept WHERE dept.dept = emp.dept)

SELECT name FROM emp WHERE EXISTS (SELECT 1 FROM dept WHERE dept.dept = emp.dept) OR salary = 60

SELECT name, EXISTS (SELECT 1 FROM dept WHERE dept.dept = emp.dept) AS known FROM emp

SELECT name FROM emp WHERE id IN (SELECT boss FROM emp)

SELECT name FROM emp WHERE id NOT IN (SELECT boss FROM emp)

SELECT name FROM emp WHERE id NOT IN (SELECT boss FROM emp WHERE boss IS NOT NULL)

SELECT name FROM emp WHERE dept NOT IN (SELECT dept FROM dept WHERE floor < 3)

SELECT name FROM emp WHERE dept NOT IN (SELECT 'x' FROM none)

SELECT name FROM emp WHERE boss IN (SELECT a FROM t1 WHERE t1.b > emp.id)

SELECT a FROM t1 WHERE a NOT IN (SELECT a FROM t2 WHERE t2.c = t1.b * 5)

SELECT a, b FROM t1 WHERE (a, b) IN (SELECT a, c - 8 FROM t2)

SELECT a, b FROM t1 WHERE (a, b) NOT IN (SELECT a, c FROM t2 WHERE a IS NOT NULL)

SELECT a, a IN (SELECT n FROM ints) AS i FROM t1

SELECT a, a NOT IN (SELECT a FROM t2) AS i FROM t1

SELECT CASE WHEN a IN (SELECT n FROM ints) THEN 'in' ELSE 'out' END FROM t1

SELECT name FROM emp WHERE id IN (SELECT n FROM ints) OR salary = 70

SELECT name FROM emp WHERE NOT (id IN (SELECT n FROM ints))

SELECT name FROM emp WHERE id IN (SELECT n FROM ints) AND dept IN (SELECT dept FROM dept WHERE floor = 1)

SELECT name FROM emp WHERE id IN (SELECT n FROM ints WHERE n IN (SELECT a FROM t1))

SELECT name FROM emp WHERE salary = (SELECT max(salary) FROM emp)

SELECT name, (SELECT max(n) FROM ints) AS m FROM emp WHERE id = 1

SELECT (SELECT 1)

SELECT (SELECT n FROM ints WHERE n > 100) AS nothing

SELECT (SELECT n FROM ints)

SELECT name, (SELECT max(salary) FROM emp p WHERE p.dept = e.dept) AS top FROM emp e

SELECT name, (SELECT count(*) FROM emp p WHERE p.boss = e.id) AS reports FROM emp e

SELECT name, (SELECT count(*) + 1 FROM emp p WHERE p.boss = e.id) AS reports FROM emp e

SELECT name, (SELECT sum(salary) FROM emp p WHERE p.boss = e.id) AS cost FROM emp e ORDER BY cost DESC, name

SELECT name FROM emp e WHERE salary > (SELECT avg(salary) FROM emp p WHERE p.dept = e.dept)

SELECT name FROM emp e WHERE (SELECT count(*) FROM emp p WHERE p.boss = e.id) = 0

SELECT name, (SELECT floor FROM dept d WHERE d.dept = e.dept) AS f FROM emp e

SELECT name, (SELECT floor FROM dept d WHERE d.dept = e.dept LIMIT 1) AS f FROM emp e

SELECT name, (SELECT first(floor) FROM dept d WHERE d.dept = e.dept) AS f FROM emp e

SELECT name, (SELECT max(floor) FROM dept d WHERE d.floor < e.id) AS f FROM emp e

SELECT dept, sum(salary) FROM emp GROUP BY dept HAVING sum(salary) > (SELECT avg(salary) FROM emp)

SELECT dept, (SELECT floor FROM dept d WHERE d.dept = e.dept) FROM emp e GROUP BY dept

SELECT dept, count(*) FROM emp e GROUP BY dept HAVING dept IN (SELECT dept FROM dept)

SELECT sum((SELECT max(n) FROM ints)) FROM emp

SELECT name FROM emp ORDER BY (SELECT max(n) FROM ints), name LIMIT 2

SELECT (SELECT 1, 2)

SELECT name FROM emp WHERE id IN (SELECT n, n FROM ints)

SELECT name FROM emp WHERE id IN (SELECT name FROM emp)

SELECT name FROM emp WHERE dept IN (SELECT n FROM ints)

SELECT a FROM t1 WHERE a > (SELECT min(n) FROM ints) AND EXISTS (SELECT 1 FROM t2 WHERE t2.a > t1.a)

SELECT a FROM t1 WHERE EXISTS (SELECT 1 FROM t2 WHERE t2.a = t1.a AND EXISTS (SELECT 1 FROM ints WHERE n = t2.a))

SELECT a FROM t1 WHERE EXISTS (SELECT 1 FROM t2 WHERE EXISTS (SELECT 1 FROM ints WHERE n = t1.a))

SELECT * FROM t1 JOIN t2 ON t1.a = t2.a AND t1.a IN (SELECT n FROM ints)

SELECT * FROM t1 LEFT JOIN t2 ON t1.a = t2.a AND t2.c IN (SELECT n * 10 FROM ints)

SELECT id FROM emp WHERE salary >= ALL (SELECT salary FROM emp)

SELECT array(1, 2)[(SELECT 1)]

SELECT name, row_number() OVER (PARTITION BY dept ORDER BY salary DESC, id) AS r FROM emp

SELECT name, rank() OVER (ORDER BY salary), dense_rank() OVER (ORDER BY salary), percent_rank() OVER (ORDER BY salary) FROM emp

SELECT id, ntile(3) OVER (ORDER BY id), cume_dist() OVER (ORDER BY salary) FROM emp

SELECT id, lag(id) OVER (ORDER BY id), lead(id, 2, -1) OVER (ORDER BY id), lag(salary) IGNORE NULLS OVER (ORDER BY id DESC) FROM emp

SELECT id, sum(salary) OVER (ORDER BY id) FROM emp

SELECT id, sum(salary) OVER (PARTITION BY dept) FROM emp

SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS s FROM emp

SELECT id, sum(id) OVER (ORDER BY id ROWS 2 PRECEDING) AS s FROM emp

SELECT id, count(*) OVER (ORDER BY salary RANGE BETWEEN 10 PRECEDING AND CURRENT ROW) AS s FROM emp

SELECT id, count(*) OVER (ORDER BY salary DESC RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING) AS s FROM emp

SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS s FROM emp

SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) AS s FROM emp

SELECT v, sum(v) OVER (ORDER BY ts RANGE BETWEEN INTERVAL 10 MINUTES PRECEDING AND CURRENT ROW) AS s FROM ev

SELECT id, sum(salary) OVER w AS s, rank() OVER w AS r FROM emp WINDOW w AS (PARTITION BY dept ORDER BY id)

SELECT id, sum(salary) OVER (w) FROM emp WINDOW w AS (ORDER BY id)

SELECT id, sum(id) OVER w1, sum(id) OVER w2 FROM emp WINDOW w1 AS (ORDER BY id), w2 AS (PARTITION BY dept)

SELECT id, sum(id) OVER w3 FROM emp

SELECT id, first_value(id) OVER (PARTITION BY dept ORDER BY id), last_value(id) OVER (PARTITION BY dept ORDER BY id), nth_value(id, 2) OVER (PARTITION BY dept ORDER BY id) FROM emp

SELECT dept, sum(salary), rank() OVER (ORDER BY sum(salary) DESC) FROM emp GROUP BY dept

SELECT dept, sum(sum(salary)) OVER () FROM emp GROUP BY dept

SELECT name FROM emp QUALIFY row_number() OVER (ORDER BY id) = 1

SELECT * FROM (SELECT id, row_number() OVER (PARTITION BY dept ORDER BY id) AS r FROM emp) WHERE r = 1

SELECT id FROM emp WHERE row_number() OVER (ORDER BY id) = 1

SELECT row_number() FROM emp

SELECT rank() OVER (PARTITION BY dept) FROM emp

SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM emp

SELECT count(DISTINCT id) OVER (ORDER BY id) FROM emp

SELECT * FROM emp PIVOT (sum(salary) FOR dept IN ('eng', 'ops'))

SELECT * FROM (SELECT dept, boss, salary FROM emp) PIVOT (sum(salary) AS s, count(*) AS n FOR dept IN ('eng' AS e, 'ops' AS o))

SELECT * FROM dept UNPIVOT (val FOR name IN (floor))

SELECT id FROM emp TABLESAMPLE (100 PERCENT)

SELECT /*+ BROADCAST(d) */ e.id FROM emp e JOIN dept d ON e.dept = d.dept

SELECT id AS a, a + 1 AS b FROM emp

SELECT id AS a, a + 1 AS b, b * 2 FROM emp WHERE id = 1

SELECT salary AS id, id + 1 FROM emp WHERE id = 1

SELECT nope FROM emp

SELECT e.nope FROM emp e

SELECT
  name,
  nope + 1
FROM emp

SELECT id FROM nowhere

SELECT id FROM emp, nowhere.x

SELECT emp.id FROM emp e

SELECT a FROM t1, t2

SELECT a FROM t1 JOIN t2 USING (b)

SELECT nofunc(id) FROM emp

SELECT upper(id, 2) FROM emp

SELECT id + true FROM emp

SELECT id FROM emp WHERE name

SELECT id FROM emp WHERE sum(id) > 1

SELECT id, sum(salary) FROM emp

SELECT name, sum(salary) FROM emp GROUP BY dept

SELECT id FROM emp GROUP BY sum(id)

SELECT id FROM emp GROUP BY 3

SELECT sum(id) FROM emp GROUP BY 1

SELECT * FROM emp GROUP BY 1

SELECT id FROM emp ORDER BY 2

SELECT id FROM emp HAVING id > 1

SELECT id FROM emp LIMIT -1

SELECT id FROM emp LIMIT id

SELECT id FROM emp LIMIT 'x'

SELECT id FROM emp OFFSET -1

SELECT sum(sum(id)) FROM emp

SELECT explode(arr), explode(arr) FROM deep

SELECT explode(id) FROM emp

SELECT * FROM t1 JOIN t2 ON t1.a

SELECT x.* FROM emp

SELECT *

SELECT count(*) FROM emp WHERE *

SELECT grouping(id) FROM emp

SELECT dept, grouping(boss) FROM emp GROUP BY ROLLUP (dept)

SELECT CAST(id AS ARRAY<INT>) FROM emp

SELECT CAST(id AS BLOB) FROM emp

SELECT (SELECT t1.b FROM t2) FROM t1

SELECT a FROM t1 WHERE a IN (SELECT sum(t2.c) FROM t2 GROUP BY t1.a)

SELECT a, (SELECT c FROM t2 WHERE t2.a > t1.a ORDER BY c LIMIT 1) AS c FROM t1

SELECT (SELECT sum(c) FROM t2 WHERE t2.a < t1.a) AS c FROM t1

SELECT a FROM t1 WHERE EXISTS (SELECT 1 FROM t2 WHERE t2.a < t1.a UNION SELECT 2)

SELECT (SELECT sum(t1.b) FROM t2) FROM t1

SELECT FROM emp

SELECT id FROM

SELECT id FROM emp WHERE

SELECT id FROM emp GROUP BY

SELECT id,, name FROM emp

SELECT id name salary FROM emp

SELECT (id FROM emp

SELECT id) FROM emp

SELECT id FROM emp JOIN

SELECT id FROM emp ORDER id

SELECT id FROM emp WHERE id = = 1

SELECT id FROM emp WHERE id IN ()

SELECT CASE WHEN id = 1 END FROM emp

SELECT 'abc

SELECT "abc

SELECT `abc FROM emp

SELECT 1 /* open

SELECT id FROM emp; SELECT 1

SELEC id FROM emp

SELECT id FROM emp LIMIT

SELECT 1 +

SELECT id FROM emp UNION

SELECT @ FROM emp

SELECT 1 AS a b

INSERT INTO

SELECT id FROM emp e JOIN dept d ON

SELECT sum(id) OVER (ORDER BY) FROM emp

SELECT id FROM (emp

WITH x AS SELECT 1 SELECT * FROM x

SELECT * FROM VALUES

SELECT 1.0e FROM emp

SELECT 99999999999 + 1, 1e400

SELECT DATE 'tomorrow-ish'

SELECT INTERVAL 1 FORTNIGHT

SELECT id FROM emp WHERE name LIKE 'a' ESCAPE 'xx'

SELECT CAST(1 AS DECIMAL(50, 2))

SELECT a, b, c FROM t1 JOIN t2 USING (a) WHERE t2.a = 1

SELECT t2.* FROM t1 JOIN t2 USING (a)

SELECT * FROM t1 a JOIN t1 b USING (a)

SELECT struct(a, b) AS s FROM t1 ORDER BY s.a NULLS LAST, s.b

SELECT named_struct('p', a).p FROM t1

SELECT a.a FROM t1 a

SELECT max(struct(salary, name)) FROM emp

SELECT current_date() = current_date, current_catalog(), current_database()

SELECT id FROM spark_catalog.default.emp

SELECT id FROM default.emp

SELECT any_value(id), bool_and(id > 0), count_if(id > 2) FROM emp

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY salary) FROM emp

SELECT listagg(name, ',') WITHIN GROUP (ORDER BY name DESC) FROM emp

SELECT mode(dept) FROM emp

SELECT date_format(ts, 'HH:mm'), extract(HOUR FROM ts), EXTRACT(minute FROM ts) FROM ev WHERE v = 2

SELECT trim(BOTH 'x' FROM 'xxaxx'), substring('abcdef' FROM 2 FOR 3), position('c' IN 'abc'), overlay('abc' PLACING 'X' FROM 2)

SELECT id FROM emp WHERE name LIKE ANY ('A%', 'B%')

SELECT id FROM emp WHERE name RLIKE '^[AB]'

SELECT id FROM emp WHERE name NOT ILIKE 'a%'

SELECT 5 DIV 2, 5 % 2, 5 / 2, -5 MOD 3

SELECT 1 | 2, 3 & 1, 3 ^ 1, ~1, 1 << 2, 8 >> 1, 8 >>> 1

SELECT !true, NOT false, true AND NULL, true OR NULL

SELECT 1 = 1.0, 'a' == 'a', 1 <> 2, 1 != 2, NULL <=> NULL

SELECT X'1F', 1L, 1S, 1Y, 1.5F, 1.5D, 1.5BD

SELECT array(1, 2), map('a', 1), named_struct('x', 1), (1, 2)

SELECT sum(DISTINCT salary), avg(DISTINCT salary) FROM emp

SELECT dept, count(DISTINCT boss, salary) FROM emp GROUP BY dept

SELECT first(name) FROM (SELECT name FROM emp ORDER BY id DESC)

SELECT t.x.y FROM (SELECT named_struct('y', 5) AS x) t

SELECT 1 WHERE false

SELECT 1 LIMIT 0

SELECT sum(1) HAVING sum(1) > 0

SELECT a FROM t1 GROUP BY a, b

SELECT a, count(*) FROM t1 GROUP BY a HAVING count(*) = 2 OR a IS NULL ORDER BY a LIMIT 1

SELECT emp.dept, count(*) FROM emp JOIN dept ON emp.dept = dept.dept GROUP BY emp.dept ORDER BY emp.dept

SELECT e.dept FROM emp e GROUP BY e.dept ORDER BY e.dept

SELECT dept FROM emp GROUP BY dept ORDER BY sum(salary) DESC NULLS LAST LIMIT 1

SELECT n, CASE n WHEN 1 THEN (SELECT max(a) FROM t1) ELSE 0 END FROM ints

SELECT name || '!' AS shout FROM emp WHERE id = 1 UNION ALL SELECT 'x' ORDER BY shout

SELECT DISTINCT dept, count(*) OVER (PARTITION BY dept) FROM emp

SELECT count(*) FROM (SELECT DISTINCT dept FROM emp)

SELECT min(n) + (SELECT max(n) FROM ints) FROM ints

SELECT * FROM emp WHERE salary = (SELECT max(salary) FROM emp x WHERE x.dept = emp.dept) AND dept = 'ops'

SELECT id FROM emp WHERE EXISTS (SELECT 1 FROM dept) AND id = 1

SELECT 1 FROM emp WHERE (SELECT true) LIMIT 1

SELECT n FROM ints WHERE n = :x
-- args: {"x": 3}

SELECT n, :label AS l FROM ints WHERE n > :low ORDER BY n LIMIT :k
-- args: {"label": "it's", "low": 1, "k": 1}

SELECT n FROM ints WHERE n IN (?, ?)
-- args: [1, 5]

SELECT n FROM ints WHERE n = :missing
-- args: {"x": 3}

SELECT n FROM ints WHERE n = :x

SELECT n FROM ints WHERE n IN (?, ?)
-- args: [1]

SELECT :x + :x
-- args: {"x": 2.5}

SELECT * FROM IDENTIFIER(:tab) WHERE n = 1
-- args: {"tab": "ints"}

SELECT typeof(:d), typeof(:b), typeof(:n)
-- args: {"d": "x", "b": true, "n": null}

SELECT dept, count(*) FROM emp GROUP BY dept, dept

SELECT a AS x, b AS x FROM t1 ORDER BY x

SELECT ts FROM ev WHERE ts >= '2024-01-01 10:10:00'

SELECT ts::date, count(*) FROM ev GROUP BY ts::date

SELECT * FROM emp LEFT JOIN dept ON emp.dept = dept.dept WHERE dept.floor IS NULL

SELECT stack(2, 1, 'a', 2, 'b')

SELECT * FROM (SELECT stack(2, 1, 'a', 2, 'b') AS (n, s))

SELECT coalesce((SELECT n FROM ints WHERE n = 99), -1)

SELECT * FROM t1 WHERE a = 1 |> SELECT b

FROM t1 |> WHERE a = 1 |> SELECT b

FROM emp |> AGGREGATE count(*) AS n GROUP BY dept

SHOW TABLES

SHOW TABLES LIKE 't*'

DESCRIBE t1

DESC TABLE emp

SET spark.sql.session.timeZone

SET spark.millrace.probe = 7

SHOW COLUMNS IN t1

DROP VIEW IF EXISTS nothere

DROP VIEW nothere

CREATE TEMPORARY VIEW t1 AS SELECT 1

EXPLAIN SELECT 1

SHOW FUNCTIONS LIKE 'upper'

USE nowhere
