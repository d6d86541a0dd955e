-- no WHERE at all
SELECT id, title FROM tasks;

-- the tenant named outright
SELECT * FROM tasks WHERE tenant_id = '8';

-- a condition that is always true
SELECT title FROM tasks WHERE id = 1 OR 1 = 1;

-- the tenant's own condition, made void by precedence
SELECT title FROM tasks WHERE tenant_id = '7' OR true AND id > 0;

-- the tenant negated
SELECT title FROM tasks WHERE NOT tenant_id = '7';

-- TABLE instead of SELECT
TABLE tasks;

-- TABLE ONLY
TABLE ONLY tasks;

-- TABLE as an arm of a set operation
SELECT 1, 'x', NULL::text WHERE false UNION ALL (SELECT id, title, code FROM tasks);

-- TABLE in a common table expression
WITH x AS (TABLE coupons) TABLE x;

-- comma join
SELECT t.title, p.title FROM tasks t, projects p WHERE t.project_id = p.id;

-- inner join on a key that all tenants share
SELECT p.title, t.title FROM projects p JOIN tasks t ON t.project_id = p.id WHERE p.tenant_id = '7';

-- left join: the null-extended side
SELECT p.title, t.title FROM projects p LEFT JOIN tasks t ON t.project_id = p.id AND p.tenant_id = '7';

-- right join
SELECT p.title, t.title FROM tasks t RIGHT JOIN projects p ON false;

-- full join
SELECT p.title, t.title FROM projects p FULL JOIN tasks t ON p.id = t.id AND p.tenant_id = t.tenant_id;

-- cross join
SELECT p.title, c.name FROM countries c CROSS JOIN projects p;

-- natural join merges the tenant columns of both sides
SELECT * FROM projects NATURAL JOIN tasks;

-- join USING on a column that all tenants share
SELECT id, p.title FROM projects p JOIN tasks t USING (id);

-- join USING with an alias for the merged columns
SELECT m.id, p.title FROM projects p JOIN tasks t USING (id) AS m;

-- join USING the tenant column only
SELECT tenant_id, p.title FROM projects p FULL JOIN tasks t USING (tenant_id) WHERE t.id = 1;

-- parenthesised join with an alias
SELECT j.* FROM (projects p JOIN countries c ON true) AS j;

-- nested outer joins
SELECT a.name, p.title, t.title FROM accounts a LEFT JOIN (projects p LEFT JOIN tasks t ON t.project_id = p.id) ON p.account_id = a.id;

-- the guard of one side does not confine the other
SELECT c.body FROM tasks t LEFT JOIN comments c ON c.task_id = t.id WHERE t.tenant_id = '7';

-- self join, one side confined by the client
SELECT b.title FROM tasks a JOIN tasks b ON b.id = a.id WHERE a.tenant_id = '7';

-- LATERAL subquery
SELECT p.title, x.title FROM projects p, LATERAL (SELECT t.title FROM tasks t WHERE t.project_id = p.id) x;

-- LEFT JOIN LATERAL
SELECT c.code, x.title FROM countries c LEFT JOIN LATERAL (SELECT title FROM tasks ORDER BY tenant_id DESC, id LIMIT 1) x ON true;

-- subquery in FROM
SELECT x.title FROM (SELECT * FROM tasks) x;

-- subquery in FROM, three deep
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT title FROM tasks) a) b) c;

-- scalar subquery in the select list
SELECT (SELECT min(title COLLATE "C") FROM tasks);

-- correlated scalar subquery
SELECT c.code, (SELECT string_agg(t.title, ',' ORDER BY t.id, t.tenant_id) FROM tasks t WHERE length(c.code) = 2) FROM countries c;

-- subquery in WHERE
SELECT code FROM countries WHERE (SELECT count(*) FROM tasks) > 30;

-- EXISTS
SELECT code FROM countries WHERE EXISTS (SELECT FROM tasks WHERE title LIKE 'kanarie%');

-- IN
SELECT 'yes' WHERE 'kanarie8x1' IN (SELECT title FROM tasks);

-- NOT IN
SELECT 'yes' WHERE '8' NOT IN (SELECT tenant_id FROM tasks);

-- ANY and ALL
SELECT 'yes' WHERE 88770000 < ANY (SELECT points FROM tasks WHERE points IS NOT NULL) AND 1000 > ALL (SELECT length(title) FROM tasks);

-- row comparison with a subquery
SELECT 'yes' WHERE (1, '8') IN (SELECT id, tenant_id FROM tasks);

-- ARRAY of a subquery
SELECT ARRAY(SELECT title FROM tasks ORDER BY id, tenant_id);

-- subquery in HAVING
SELECT count(*) FROM countries HAVING (SELECT count(*) FROM tasks) > 30;

-- subquery in GROUP BY
SELECT count(*), (SELECT max(points) FROM tasks) FROM countries GROUP BY (SELECT max(points) FROM tasks);

-- subquery in ORDER BY
SELECT code FROM countries ORDER BY CASE WHEN (SELECT count(*) FROM tasks) > 30 THEN code END DESC NULLS FIRST, code LIMIT 1;

-- subquery in LIMIT
SELECT code FROM countries, generate_series(1, 50) ORDER BY code LIMIT (SELECT count(*) FROM tasks);

-- subquery in OFFSET
SELECT code FROM countries, generate_series(1, 20) ORDER BY code OFFSET (SELECT count(*) / 2 FROM tasks);

-- subquery in FETCH FIRST
SELECT n FROM generate_series(1, 100) n ORDER BY n FETCH FIRST (SELECT count(*) FROM tasks) ROWS ONLY;

-- subquery in a join condition
SELECT a.code FROM countries a JOIN countries b ON (SELECT bool_or(title LIKE 'kanarie%') FROM tasks) AND a.code = b.code;

-- subquery in CASE
SELECT CASE WHEN (SELECT count(*) FROM tasks) > 30 THEN 'others' ELSE 'alone' END;

-- subquery as a function's argument
SELECT upper((SELECT min(title COLLATE "C") FROM tasks));

-- subquery in an aggregate's argument and FILTER
SELECT count(*) FILTER (WHERE code IN (SELECT left(tenant_id, 1) || 'L' FROM tasks) OR (SELECT count(*) FROM tasks) > 30) FROM countries;

-- subquery in an aggregate's ORDER BY
SELECT string_agg(code, ',' ORDER BY CASE WHEN (SELECT count(*) FROM tasks) > 30 THEN code END DESC NULLS FIRST, code) FROM countries;

-- subquery in a window's definition
SELECT code, row_number() OVER (ORDER BY (SELECT count(*) FROM tasks), code), sum(1) OVER (ORDER BY code ROWS (SELECT count(*) / 45 FROM tasks) PRECEDING) FROM countries ORDER BY code;

-- subquery in a named window
SELECT code, count(*) OVER w FROM countries WINDOW w AS (PARTITION BY (SELECT count(*) FROM tasks) > 30 AND code = 'FR') ORDER BY code;

-- subquery in VALUES
VALUES ((SELECT count(*) FROM tasks)), (0);

-- subquery in VALUES in FROM
SELECT v.a FROM (VALUES ((SELECT string_agg(title, ',' ORDER BY id, tenant_id) FROM tasks))) v (a);

-- subquery in a table function's argument
SELECT n FROM generate_series(1, (SELECT count(*) FROM tasks)) n;

-- subquery in unnest
SELECT u FROM unnest(ARRAY(SELECT title FROM tasks)) u ORDER BY u;

-- subquery in ROWS FROM
SELECT a, b FROM ROWS FROM (unnest(ARRAY(SELECT title FROM tasks ORDER BY id, tenant_id)), generate_series(1, 2)) AS x (a, b);

-- subquery in TABLESAMPLE's argument
SELECT count(*) FROM coupons TABLESAMPLE system ((SELECT CASE WHEN count(*) > 30 THEN 100 ELSE 0 END FROM tasks));

-- TABLESAMPLE
SELECT title FROM tasks TABLESAMPLE bernoulli (100);

-- TABLESAMPLE REPEATABLE behind an alias
SELECT o.title FROM tasks AS o TABLESAMPLE system (100) REPEATABLE (1);

-- subquery in COALESCE, GREATEST, NULLIF
SELECT coalesce(NULL, (SELECT max(points) FROM tasks)), greatest(1, (SELECT max(id) FROM tasks WHERE tenant_id > '7')), nullif((SELECT count(*) FROM tasks), 30);

-- subquery in an array and a row constructor
SELECT ARRAY[(SELECT count(*) FROM tasks), 1], ROW((SELECT max(points) FROM tasks));

-- subquery in a subscript
SELECT (ARRAY[1, 2, 3])[(SELECT count(*) / 40 FROM tasks) + 1];

-- subquery in a slice
SELECT ('{1,2,3,4}'::int[])[1:(SELECT count(*) / 45 FROM tasks) + 1];

-- subquery in a cast
SELECT (SELECT min(title COLLATE "C") FROM tasks)::varchar(20);

-- subquery in BETWEEN and LIKE
SELECT 'yes' WHERE 50 BETWEEN 1 AND (SELECT count(*) FROM tasks) AND 'kanarie' LIKE (SELECT left(min(title COLLATE "C"), 4) || '%' FROM tasks WHERE title LIKE 'k%');

-- subquery in IS NULL, IS DISTINCT FROM, IS TRUE
SELECT (SELECT max(points) FROM tasks WHERE tenant_id = '8') IS NULL, (SELECT max(points) FROM tasks) IS DISTINCT FROM 4, (SELECT count(*) > 30 FROM tasks) IS TRUE;

-- subquery in GROUPING SETS
SELECT count(*) FROM countries GROUP BY GROUPING SETS ((code), ((SELECT count(*) > 30 FROM tasks) AND code = 'FR'), ());

-- subquery in DISTINCT ON
SELECT DISTINCT ON ((SELECT count(*) > 30 FROM tasks) AND code = 'FR') code FROM countries ORDER BY (SELECT count(*) > 30 FROM tasks) AND code = 'FR', code;

-- subquery in a JSON constructor
SELECT jsonb_build_object('n', (SELECT count(*) FROM tasks));

-- UNION
SELECT name FROM countries UNION SELECT title FROM tasks;

-- INTERSECT
SELECT 'kanarie8x1' INTERSECT SELECT title FROM tasks;

-- EXCEPT
SELECT count(*) FROM (SELECT 'kanarie8x1' EXCEPT SELECT title FROM tasks) x;

-- nested set operations with parentheses
(SELECT name FROM countries EXCEPT ALL SELECT 'x') UNION ALL ((SELECT title FROM tasks ORDER BY 1 LIMIT 90) INTERSECT SELECT title FROM tasks);

-- aggregate over everything
SELECT count(*), sum(points), min(title COLLATE "C") FROM tasks;

-- GROUP BY the tenant
SELECT tenant_id, count(*) FROM tasks GROUP BY tenant_id;

-- ROLLUP over the tenant
SELECT tenant_id, count(*) FROM tasks GROUP BY ROLLUP (tenant_id);

-- window over everything
SELECT id, count(*) OVER (), rank() OVER (ORDER BY points DESC NULLS LAST) FROM tasks;

-- DISTINCT over the tenants
SELECT DISTINCT tenant_id FROM tasks;

-- recursive query that walks over other tenants' rows
WITH RECURSIVE r AS (SELECT id, title FROM tasks WHERE id = 1 UNION SELECT t.id, t.title FROM r JOIN tasks t ON t.id = r.id + 1 WHERE t.id < 4) SELECT * FROM r;

-- FOR UPDATE
SELECT title FROM tasks WHERE tenant_id = '8' FOR UPDATE;

-- FOR SHARE OF an alias, SKIP LOCKED
SELECT t.title FROM tasks t, countries c FOR SHARE OF t SKIP LOCKED;

-- the whole query in parentheses
((SELECT title FROM tasks));

-- an index-only scan on the tenant's index
SELECT tenant_id, opened FROM accounts ORDER BY tenant_id, opened;

-- a lookup by primary key that belongs to another tenant
SELECT name FROM accounts WHERE id = 18;

-- a bind parameter that closes nothing
--! params: ["8"]
SELECT title FROM tasks WHERE tenant_id = $1;

-- a bind parameter with an array of tenants
--! params: ["{8,9}"]
SELECT title FROM tasks WHERE tenant_id = ANY ($1::text[]);

-- physical row addresses
SELECT title FROM tasks WHERE ctid >= '(0,0)';

-- system columns
SELECT tableoid::regclass::text, xmin IS NOT NULL, title FROM tasks;
