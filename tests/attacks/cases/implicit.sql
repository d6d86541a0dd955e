-- an implicit cast from numeric to float8 in a comparison
SELECT id FROM tasks WHERE amount < '1'::float8;

-- an implicit cast from numeric to float8 between two columns
SELECT id FROM drafts WHERE exact = rough;

-- an implicit cast in BETWEEN
SELECT id FROM tasks WHERE amount BETWEEN '0'::float8 AND '1'::float8;

-- an implicit cast in IN
SELECT id FROM tasks WHERE amount IN ('0.25'::float8, '0.5'::float8);

-- an implicit cast in IS DISTINCT FROM
SELECT id FROM tasks WHERE amount IS NOT DISTINCT FROM '0.25'::float8;

-- an implicit cast in a row comparison
SELECT id FROM tasks WHERE (amount, 1) < ('0.25'::float8, 2);

-- an implicit cast in COALESCE
SELECT id FROM tasks WHERE coalesce(amount, '1'::float8) IS NULL;

-- an implicit cast in GREATEST
SELECT id FROM tasks WHERE greatest(amount, '1'::float8) IS NULL;

-- an implicit cast in NULLIF
SELECT id FROM tasks WHERE nullif(amount, '1'::float8) IS NULL;

-- an implicit cast in CASE
SELECT id FROM tasks WHERE CASE amount WHEN '0.25'::float8 THEN true ELSE false END;

-- an implicit cast between CASE's results
SELECT id FROM tasks WHERE CASE WHEN done THEN '1'::float8 ELSE amount END IS NULL;

-- an implicit cast in ANY
SELECT id FROM tasks WHERE amount = ANY ('{0.25}'::float8[]);

-- an implicit cast in USING
SELECT x.amount FROM tasks JOIN (SELECT '0.25'::float8 AS amount) x USING (amount);

-- an implicit cast in NATURAL JOIN
SELECT amount FROM (SELECT amount FROM tasks) t NATURAL JOIN (SELECT '0.25'::float8 AS amount) x;

-- an implicit cast between the arms of UNION ALL, filtered from above
SELECT * FROM (SELECT amount AS a FROM tasks UNION ALL SELECT score FROM comments) x WHERE a < 0;

-- an implicit cast between the arms of UNION, filtered from above
SELECT * FROM (SELECT score AS a FROM comments UNION SELECT amount FROM tasks) x WHERE a < 0;

-- an implicit cast between the arms of a recursive query
WITH RECURSIVE r AS (SELECT '-1'::float8 AS a UNION ALL SELECT amount FROM tasks, r WHERE a = -1 AND amount < a) SELECT a FROM r WHERE a < 0;

-- an implicit cast by VALUES beside a column
SELECT id FROM tasks WHERE amount IN (SELECT v FROM (VALUES ('0.25'::float8)) x (v));

-- an implicit cast by a subquery's output
SELECT id FROM tasks WHERE amount = (SELECT '0.25'::float8);

-- an implicit cast by a parameter's type
--! params: ["0.25"]
SELECT id FROM tasks WHERE amount = $1::float8;

-- an implicit cast from bigint to oid
SELECT id FROM drafts WHERE big = '1'::oid;

-- columns whose collations conflict
SELECT id FROM drafts WHERE here < there;

-- columns whose collations conflict, under LIKE
SELECT id FROM drafts WHERE here LIKE there;

-- columns whose collations conflict, in a row comparison
SELECT id FROM drafts WHERE (here, 1) < (there, 2);

-- columns whose collations conflict, in IN
SELECT id FROM drafts WHERE here IN (there, here || there);

-- whole rows without an equality for one of their columns
SELECT a.id FROM drafts a WHERE a = a;

-- whole rows without an equality, under IS DISTINCT FROM
SELECT a.id FROM drafts a WHERE a IS DISTINCT FROM a;

-- whole rows without an ordering
SELECT a.id FROM drafts a WHERE a < a;

-- whole rows in IN
SELECT a.id FROM drafts a WHERE a IN (a);

-- an array of rows without an equality
SELECT a.id FROM drafts a WHERE ARRAY[a] = ARRAY[a];
