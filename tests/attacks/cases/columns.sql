-- the tenant column renamed by an alias list
SELECT b FROM projects AS p (a, b, c);

-- two columns exchanged by an alias list: the pin must not test the wrong one
SELECT title FROM projects AS p (title, tenant_id, account_id, x);

-- an alias list that calls another column by the tenant's name
SELECT t FROM coupons AS c (tenant_id, t, hits);

-- an alias list on a join
SELECT j.c FROM (projects p JOIN countries n ON true) AS j (a, b, c, d);

-- an alias list on TABLESAMPLE
SELECT t FROM coupons AS c (tenant_id, t) TABLESAMPLE bernoulli (100);

-- a whole-row reference
SELECT t FROM tasks t;

-- a whole-row reference as text
SELECT t::text FROM tasks t;

-- a whole-row reference by JSON
SELECT to_jsonb(t) FROM tasks t;

-- row_to_json of a subquery
SELECT row_to_json(x) FROM (SELECT * FROM tasks) x;

-- json_agg of whole rows
SELECT json_agg(t ORDER BY t.id, t.tenant_id) FROM tasks t;

-- a field of a whole row
SELECT (t).title FROM tasks t;

-- all fields of a whole row
SELECT (t).* FROM tasks t;

-- functional notation for a column
SELECT title(t) FROM tasks t;

-- attribute notation for a function that reads everything
SELECT t.peek FROM tasks t WHERE t.id = 1;

-- attribute notation in parentheses
SELECT (t).peek FROM tasks t WHERE t.id = 1 AND tenant_id = '7';

-- attribute notation for a built-in that shows the whole row
SELECT (t).row_to_json FROM tasks t;

-- a cast in functional notation
SELECT text(t.title) FROM tasks t;

-- comparison of whole rows
SELECT a.id FROM tasks a JOIN tasks b ON a = b WHERE a.tenant_id > '7';

-- NATURAL JOIN with a subquery that names the tenant
SELECT title FROM tasks NATURAL JOIN (SELECT '8' AS tenant_id) x;

-- USING with a subquery that names the tenant
SELECT title FROM (SELECT '8' AS tenant_id) x JOIN tasks USING (tenant_id);

-- a subquery's output column takes the tenant's name
SELECT title FROM (SELECT title, '7' AS tenant_id FROM tasks) x WHERE x.tenant_id = '7';

-- an outer reference takes the tenant's name
SELECT (SELECT count(*) FROM tasks t WHERE o.tenant_id = '7') FROM (SELECT '7' AS tenant_id) o;

-- a lateral alias that hides a table's alias
SELECT x.title FROM tasks t, LATERAL (SELECT t.title FROM tasks t WHERE t.id = 1) x WHERE t.id = 1;

-- JSON aggregates of whole rows in a subquery
SELECT (SELECT json_agg(p) FROM (SELECT title FROM projects ORDER BY id, tenant_id) p);

-- XMLFOREST over other tenants' columns
SELECT (string_agg(title, '') IS NULL) FROM tasks WHERE tenant_id = '9';
