-- subquery in JSON_ARRAY
--! since: 16
SELECT JSON_ARRAY(SELECT count(*) FROM tasks);

-- subquery in JSON_ARRAY, ordered
--! since: 16
SELECT JSON_ARRAY(SELECT title FROM tasks ORDER BY id, tenant_id RETURNING jsonb);

-- subquery in JSON_OBJECT
--! since: 16
SELECT JSON_OBJECT('n': (SELECT count(*) FROM tasks), 'first': (SELECT min(title COLLATE "C") FROM tasks));

-- subquery in JSON_ARRAYAGG
--! since: 16
SELECT JSON_ARRAYAGG((SELECT count(*) FROM tasks)) FROM countries;

-- subquery in JSON_OBJECTAGG
--! since: 16
SELECT JSON_OBJECTAGG(code: (SELECT count(*) FROM tasks)) FROM countries;

-- subquery in JSON_VALUE's PASSING
--! since: 17
SELECT JSON_VALUE('{}'::jsonb, '$x' PASSING (SELECT count(*) FROM tasks) AS x);

-- subquery in JSON_QUERY's context
--! since: 17
SELECT JSON_QUERY((SELECT jsonb_agg(title ORDER BY id, tenant_id) FROM tasks), '$');

-- subquery in JSON_TABLE
--! since: 17
SELECT j.t FROM JSON_TABLE((SELECT jsonb_agg(title) FROM tasks), '$[*]' COLUMNS (t text PATH '$')) j;

-- a column beside JSON_TABLE
--! since: 17
SELECT j.v FROM tasks t, JSON_TABLE(t.doc, '$' COLUMNS (v text PATH '$.v')) j;

-- subquery in XMLELEMENT and XMLATTRIBUTES
SELECT XMLELEMENT(NAME a, XMLATTRIBUTES((SELECT count(*) FROM tasks) AS n), (SELECT min(title COLLATE "C") FROM tasks));

-- subquery in XMLFOREST and XMLCONCAT
SELECT XMLCONCAT(XMLFOREST((SELECT count(*) FROM tasks) AS n), XMLELEMENT(NAME b));

-- subquery in XMLTABLE
SELECT x.t FROM XMLTABLE('/a/b' PASSING (SELECT XMLELEMENT(NAME a, XMLAGG(XMLELEMENT(NAME b, title))) FROM tasks) COLUMNS t text PATH '.') x;

-- subquery in a default of XMLTABLE
SELECT x.t FROM XMLTABLE('/a' PASSING '<a/>' COLUMNS t text PATH 'b' DEFAULT (SELECT min(title COLLATE "C") FROM tasks)) x;

-- subquery in XMLSERIALIZE
SELECT XMLSERIALIZE(CONTENT (SELECT XMLAGG(XMLELEMENT(NAME b, title) ORDER BY id, tenant_id) FROM tasks) AS text);

-- subquery in EXTRACT
SELECT EXTRACT(year FROM (SELECT max(due) FROM tasks));

-- subquery in SUBSTRING, POSITION, OVERLAY and TRIM
SELECT SUBSTRING((SELECT min(title COLLATE "C") FROM tasks) FROM 1 FOR 7), POSITION('k' IN (SELECT min(title COLLATE "C") FROM tasks)), TRIM((SELECT min(title COLLATE "C") FROM tasks));

-- subquery in AT TIME ZONE
SELECT (SELECT max(starts) FROM projects) AT TIME ZONE 'UTC';

-- subquery in OVERLAPS
SELECT (date '3000-01-01', (SELECT max(due) FROM tasks)) OVERLAPS (date '4000-01-01', date '4000-01-02');

-- subquery in COLLATE
SELECT (SELECT min(title COLLATE "C") FROM tasks) COLLATE "C";

-- subquery in WITHIN GROUP
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY (SELECT count(*) FROM tasks)) FROM countries;

-- subquery as the direct argument of an ordered-set aggregate
SELECT percentile_disc((SELECT CASE WHEN count(*) > 30 THEN 1 ELSE 0 END FROM tasks)::float8) WITHIN GROUP (ORDER BY code) FROM countries;

-- subquery in VARIADIC
SELECT concat_ws(',', VARIADIC ARRAY(SELECT title FROM tasks ORDER BY id, tenant_id));

-- subquery in a named argument
SELECT make_interval(days => (SELECT count(*) FROM tasks)::int);

-- subquery in an argument of WITH ORDINALITY
SELECT * FROM unnest(ARRAY(SELECT title FROM tasks ORDER BY id, tenant_id)) WITH ORDINALITY AS x (t, n);

-- subquery in a function with a column definition list
SELECT * FROM jsonb_to_recordset((SELECT jsonb_agg(jsonb_build_object('t', title)) FROM tasks)) AS x (t text);

-- subquery in GROUPING's query
SELECT GROUPING(code), count(*) FILTER (WHERE (SELECT count(*) FROM tasks) > 30) FROM countries GROUP BY ROLLUP (code) ORDER BY 1, 2;

-- subquery in a recursive query's SEARCH and CYCLE
WITH RECURSIVE r AS (SELECT 1 AS n, (SELECT min(title COLLATE "C") FROM tasks) AS t UNION ALL SELECT n + 1, t FROM r WHERE n < 2) SEARCH DEPTH FIRST BY n SET o CYCLE n SET c USING p SELECT n, t FROM r;

-- subquery in an array's subscript that is assigned to
UPDATE projects SET tags[(SELECT count(*) / 45 FROM tasks) + 1] = 'x' WHERE id = 1 AND tenant_id = '7' RETURNING tags;

-- subquery in a row that is assigned
UPDATE coupons SET (hits, note) = ROW ((SELECT count(*) FROM tasks), 'x') WHERE code = '7-1' RETURNING hits;

-- subquery behind IS JSON
--! since: 16
SELECT (SELECT '"' || min(title COLLATE "C") || '"' FROM tasks) IS JSON, (SELECT count(*) FROM tasks);

-- subquery in a lateral VALUES
SELECT v.x FROM countries c, LATERAL (VALUES ((SELECT count(*) FROM tasks WHERE length(c.code) = 2))) v (x);

-- old and new rows of RETURNING
--! since: 18
UPDATE tasks SET title = 'x' WHERE id = 1 RETURNING old.title, new.title;

-- old rows of a deletion
--! since: 18
DELETE FROM tasks WHERE id = 1 RETURNING WITH (OLD AS o) o.title, o.*;

-- attribute notation over a subquery's whole row
SELECT (q.x).peek FROM (SELECT t AS x FROM tasks t WHERE id = 1 AND tenant_id = '7') q;

-- attribute notation over a common table expression's whole row
WITH q AS (SELECT t AS x FROM tasks t WHERE id = 1 AND tenant_id = '7') SELECT (x).peek FROM q;

-- attribute notation over a subquery in parentheses
SELECT ((SELECT t FROM tasks t WHERE id = 1 AND tenant_id = '7')).peek;

-- attribute notation over an array's element
SELECT ((ARRAY(SELECT t FROM tasks t WHERE id = 1 AND tenant_id = '7'))[1]).peek;

-- attribute notation over a cast to the relation's row type
SELECT (ROW (1, 1, 'x', true, 1, NULL, NULL, NULL, NULL, NULL, NULL, '7')::tasks).peek;

-- attribute notation over nothing
SELECT (jsonb_populate_record(NULL::tasks, '{"id": 1}')).peek;

-- attribute notation that runs SQL, beside a subquery without a name that has such a column
--! since: 16
SELECT ('SELECT to_tsvector(title) FROM tasks'::text).ts_stat FROM (SELECT 1 AS ts_stat);

-- attribute notation in a filter
SELECT id FROM tasks t WHERE t.peek IS NOT NULL AND id < 3;

-- a star over a function's row
SELECT (jsonb_populate_record(t, '{}')).* FROM tasks t;

-- a domain with code behind it
SELECT 'x'::noisy;

-- a domain with code behind it, by its schema and CAST
SELECT CAST('x' AS public.noisy);

-- a domain with code behind it, as a column definition
SELECT * FROM jsonb_to_record('{"a": "x"}') AS x (a noisy);

-- a domain with code behind it, as a JSON_TABLE column
--! since: 17
SELECT * FROM JSON_TABLE('["x"]'::jsonb, '$[*]' COLUMNS (a noisy PATH '$')) j;

-- a domain with code behind it, as a typed literal
SELECT noisy 'x';

-- a domain with code behind it, in an array
SELECT '{x}'::noisy[];

-- a domain with code behind it, as a function's name
SELECT noisy('x');

-- a domain with code behind it, in RETURNING of a JSON function
--! since: 17
SELECT JSON_VALUE('"x"'::jsonb, '$' RETURNING noisy);

-- a domain with code behind it, in XMLTABLE
SELECT * FROM XMLTABLE('/a' PASSING '<a>x</a>' COLUMNS t noisy PATH '.') x;
