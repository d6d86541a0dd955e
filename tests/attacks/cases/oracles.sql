-- division by zero for one value
SELECT id FROM tasks WHERE 1 / (coalesce(points, 1) - 88770001) > 5;

-- division by zero behind CASE
SELECT id FROM tasks WHERE CASE WHEN title LIKE 'kanarie8%' THEN 1 / (points - points) = 1 ELSE false END;

-- modulo
SELECT id FROM tasks WHERE 5 % (coalesce(points, 1) - 88770001) > 9;

-- a pattern that ends with its escape character
SELECT id FROM tasks WHERE title LIKE pattern AND id < 0;

-- the same through an expression
SELECT id FROM tasks WHERE title LIKE (pattern || '');

-- ILIKE
SELECT id FROM tasks WHERE title ILIKE pattern AND id < 0;

-- NOT LIKE in a join's condition
SELECT a.id FROM tasks a JOIN countries c ON a.title NOT LIKE a.pattern AND a.id < 0;

-- LIKE ANY of a column
SELECT id FROM tasks WHERE title LIKE ANY (ARRAY[pattern]) AND id < 0;

-- SIMILAR TO
SELECT id FROM tasks WHERE title SIMILAR TO (CASE WHEN tenant_id = '7' THEN 'x' ELSE 'a(' END);

-- a square root
SELECT id FROM tasks WHERE sqrt(100 - coalesce(points, 1)) < 0;

-- a logarithm
SELECT id FROM tasks WHERE ln(1000 - coalesce(points, 1)) < 0;

-- a power
SELECT id FROM tasks WHERE power(coalesce(points, 0)::float8, 40) < 0;

-- a substring of negative length
SELECT id FROM tasks WHERE substring(title, 1, 10 - coalesce(points, 1)) = 'x';

-- chr
SELECT id FROM tasks WHERE chr(coalesce(points, 0) + 65) = 'x';

-- generate_series without end
SELECT id FROM tasks WHERE EXISTS (SELECT FROM generate_series(1, 2, CASE WHEN points > 1000 THEN 0 ELSE 1 END) g WHERE g > 5);

-- a negative LIMIT by a correlated subquery
SELECT id FROM tasks t WHERE (SELECT 1 LIMIT 5 - CASE WHEN t.points > 1000 THEN 10 ELSE 0 END) = 2;

-- a scalar subquery that gives two rows
SELECT id FROM tasks t WHERE (SELECT 1 FROM generate_series(1, CASE WHEN t.points > 1000 THEN 2 ELSE 1 END)) = 2;

-- an array index
SELECT id FROM tasks WHERE array_fill(1, ARRAY[5 - CASE WHEN points > 1000 THEN 10 ELSE 0 END]) = '{}';

-- a bit shift of strings of unequal length
SELECT id FROM tasks WHERE (CASE WHEN points > 1000 THEN B'1' ELSE B'11' END) & B'11' = B'00';

-- date arithmetic out of range
SELECT id FROM tasks WHERE due + coalesce(points, 1) * 24 + 20000000 < '2000-01-01';

-- an interval out of range
SELECT id FROM tasks WHERE due - make_interval(years => coalesce(points, 1)) > '2100-01-01';

-- numeric overflow of a typmod
SELECT id FROM tasks WHERE points::numeric(4, 0) > 100;

-- a smallint overflow
SELECT id FROM tasks WHERE points::smallint > 100;

-- a null byte
SELECT id FROM tasks WHERE convert_from(decode(CASE WHEN points > 1000 THEN '00' ELSE '41' END, 'hex'), 'UTF8') = 'x';

-- a JSON number too large
SELECT id FROM tasks WHERE ('1e' || coalesce(points, 1))::jsonb IS NULL;

-- a regular expression that is too complex
SELECT id FROM tasks WHERE 'x' ~ ('a{0,' || coalesce(points, 1) || '}');

-- the count of rows an update touched
UPDATE tasks SET done = done WHERE title LIKE 'kanarie8%';

-- the count of rows a delete touched
DELETE FROM tasks WHERE title LIKE 'kanarie8%';

-- row counts through ntile
SELECT DISTINCT ntile(20) OVER (ORDER BY code) FROM coupons ORDER BY 1;

-- an estimate of another tenant's values
EXPLAIN ANALYZE SELECT * FROM tasks WHERE title = 'kanarie8x1';

-- EXPLAIN ANALYZE counts the rows a filter removed
EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) SELECT * FROM tasks WHERE tenant_id = '7';

-- EXPLAIN ANALYZE of a statement that writes
EXPLAIN ANALYZE DELETE FROM tasks;

-- EXPLAIN by option list, ANALYZE given as on
EXPLAIN (COSTS off, ANALYZE on, TIMING off, SUMMARY off) UPDATE tasks SET points = 0;

-- EXPLAIN of a prepared statement
PREPARE q AS DELETE FROM tasks; EXPLAIN ANALYZE EXECUTE q;
