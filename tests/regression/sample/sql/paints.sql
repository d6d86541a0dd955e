-- A script as PostgreSQL's own are: each kind of statement, of psql's commands, and of outcome.
CREATE TABLE paints (id serial PRIMARY KEY, colour int REFERENCES colours, litres numeric CHECK (litres >= 0), note text);
COPY paints (id, colour, litres, note) FROM stdin;
101	1	2.5	matt
102	2	0	\N
103	3	12	glossy; "quoted"
\.
SELECT * FROM paints ORDER BY id;
SELECT p.*, c.name FROM paints p LEFT JOIN colours c ON c.id = p.colour ORDER BY p.id;
SELECT c.name, sum(p.litres) AS litres, count(*) FROM colours c JOIN paints p ON p.colour = c.id GROUP BY c.id ORDER BY c.name;
SELECT name FROM colours WHERE id IN (SELECT colour FROM paints WHERE litres > 1) ORDER BY name;
WITH RECURSIVE steps (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < 3) SELECT n, note FROM steps LEFT JOIN paints ON colour = n ORDER BY n;
SELECT id, rank() OVER (ORDER BY litres DESC) FROM paints ORDER BY id;
SELECT (SELECT max(litres) FROM paints) AS most, EXISTS (SELECT FROM paints WHERE note = 'matt') AS has_matt;
VALUES (1, 'one'), (2, 'two');
TABLE colours ORDER BY id;

-- what psql keeps and writes into a text
SELECT id AS fullest, 'matt' AS finish FROM paints ORDER BY litres DESC LIMIT 1 \gset
SELECT note FROM paints WHERE id = :fullest;
SELECT id FROM paints WHERE note = :'finish';
\set column litres
SELECT :"column" FROM paints ORDER BY 1;
\if false
SELECT nothing FROM nowhere;
\endif

-- changes
INSERT INTO paints (id, colour, litres) VALUES (104, 1, 1), (105, 2, 2) RETURNING id, litres;
INSERT INTO colours VALUES (1, 'crimson') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING *;
UPDATE paints SET litres = litres + 1 FROM colours c WHERE c.id = colour AND c.name = 'green' RETURNING paints.id, litres;
DELETE FROM paints USING colours c WHERE c.id = colour AND c.name = 'blue' RETURNING note;
MERGE INTO paints p USING (VALUES (101, 9.5), (106, 4)) AS v (id, litres) ON p.id = v.id
  WHEN MATCHED THEN UPDATE SET litres = v.litres WHEN NOT MATCHED THEN INSERT (id, litres) VALUES (v.id, v.litres);
COPY paints (id, litres) TO stdout (FORMAT csv, HEADER);
COPY (SELECT note FROM paints WHERE id = 101) TO stdout;

-- transactions, and what fails
BEGIN;
UPDATE paints SET litres = 0;
SAVEPOINT before;
UPDATE paints SET litres = -1 WHERE id = 101;
ROLLBACK TO before;
SELECT sum(litres) FROM paints;
ROLLBACK;
SELECT sum(litres) FROM paints;
INSERT INTO paints (id, colour) VALUES (107, 99);
INSERT INTO paints (id) VALUES (101);
SELECT 1 / (litres - litres) FROM paints;
SELECT missing FROM paints;

-- changes of the schema in between
ALTER TABLE paints ADD COLUMN tins int DEFAULT 1;
INSERT INTO paints VALUES (108, 1, 1, 'thin', 3);
SELECT id, tins FROM paints ORDER BY id;
CREATE VIEW thick AS SELECT * FROM paints WHERE litres > 5;
SELECT id FROM thick ORDER BY id;

-- refused: it shows what other tenants store
SELECT pg_relation_size('paints') > 0 FROM paints WHERE id = 101;
