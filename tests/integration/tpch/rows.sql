-- Rows of the tenants {tenants}: the same every time, drawn from the value domains of the TPC-H specification and from
-- nothing but a tenant's name and a row's number. A few of each table are set so that every query finds something.

-- a number from lo to hi
CREATE FUNCTION pg_temp.r(seed text, lo int, hi int) RETURNS int LANGUAGE sql IMMUTABLE AS
  $$ SELECT lo + ('x' || substr(md5(seed), 1, 7))::bit(28)::int % (hi - lo + 1) $$;
CREATE FUNCTION pg_temp.pick(seed text, list text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT list[pg_temp.r(seed, 1, cardinality(list))] $$;
CREATE FUNCTION pg_temp.phone(nation int, seed text) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT (10 + nation) || '-' || pg_temp.r(seed, 100, 999) || '-' || pg_temp.r(seed || 2, 100, 999) || '-' || pg_temp.r(seed || 3, 1000, 9999) $$;
CREATE TEMPORARY TABLE tenants AS SELECT unnest('{tenants}'::text[]) AS t;

INSERT INTO region SELECT n - 1, name, 'of the world'
FROM unnest('{AFRICA,AMERICA,ASIA,EUROPE,MIDDLE EAST}'::text[]) WITH ORDINALITY AS x (name, n);
INSERT INTO nation SELECT n - 1, split_part(entry, ':', 1), split_part(entry, ':', 2)::int, 'a nation'
FROM unnest('{ALGERIA:0,ARGENTINA:1,BRAZIL:1,CANADA:1,EGYPT:4,ETHIOPIA:0,FRANCE:3,GERMANY:3,INDIA:2,INDONESIA:2,IRAN:4,IRAQ:4,JAPAN:2,JORDAN:4,KENYA:0,MOROCCO:0,MOZAMBIQUE:0,PERU:1,CHINA:2,ROMANIA:3,SAUDI ARABIA:4,VIETNAM:2,RUSSIA:3,UNITED KINGDOM:3,UNITED STATES:1}'::text[])
  WITH ORDINALITY AS x (entry, n);

INSERT INTO supplier
SELECT t, n, 'Supplier#' || lpad(n::text, 9, '0'), t || ' street ' || n, n % 25, pg_temp.phone(n % 25, t || 's' || n),
  pg_temp.r(t || 'sb' || n, -99999, 999999) / 100.0,
  t || CASE n % 10 WHEN 4 THEN ' saw Customer and heard Complaints' WHEN 7 THEN ' says Customer Recommends' ELSE ' is quiet' END
FROM generate_series(1, 50) AS g (n), tenants;

INSERT INTO part
SELECT t, n,
  (SELECT string_agg(pg_temp.pick(t || 'pn' || n || k, '{almond,azure,blush,chiffon,dim,forest,green,honeydew,ivory,lace,maroon,navy,peru,plum,rose,sienna,snow,tan,violet,wheat}'), ' ' ORDER BY k)
   FROM generate_series(1, 5) AS w (k)),
  'Manufacturer#' || brand / 10, 'Brand#' || brand,
  CASE n % 10 WHEN 3 THEN 'ECONOMY ANODIZED STEEL' WHEN 4 THEN 'LARGE PLATED BRASS' ELSE
    pg_temp.pick(t || 'p1' || n, '{STANDARD,SMALL,MEDIUM,LARGE,ECONOMY,PROMO}') || ' ' ||
    pg_temp.pick(t || 'p2' || n, '{ANODIZED,BURNISHED,PLATED,POLISHED,BRUSHED}') || ' ' ||
    pg_temp.pick(t || 'p3' || n, '{TIN,NICKEL,BRASS,STEEL,COPPER}') END,
  CASE WHEN n % 4 = 1 THEN 1 + n % 5 WHEN n % 20 = 14 THEN 15 ELSE pg_temp.r(t || 'pz' || n, 1, 50) END,
  CASE WHEN n % 4 = 1
    THEN CASE brand WHEN 12 THEN 'SM ' WHEN 23 THEN 'MED ' WHEN 34 THEN 'LG ' ELSE 'WRAP ' END || pg_temp.pick(t || 'pb' || n, '{BOX,PKG}')
    ELSE pg_temp.pick(t || 'pc' || n, '{SM,LG,MED,JUMBO,WRAP}') || ' ' || pg_temp.pick(t || 'pd' || n, '{CASE,BOX,BAG,JAR,PKG,PACK,CAN,DRUM}') END,
  900 + n % 200 + pg_temp.r(t || 'pp' || n, 0, 99) / 100.0, t || ' part ' || n
FROM (SELECT t, n, CASE WHEN n % 4 = 1 THEN (ARRAY[12, 23, 34])[1 + n / 4 % 3] ELSE pg_temp.r(t || 'b' || n, 1, 5) * 10 + pg_temp.r(t || 'bb' || n, 1, 5) END AS brand
      FROM generate_series(1, 600) AS g (n), tenants) AS parts;

INSERT INTO partsupp
SELECT t, n, 1 + (n * 7 + k * 12) % 50, pg_temp.r(t || 'pa' || n || '/' || k, 1, 9999), pg_temp.r(t || 'pq' || n || '/' || k, 100, 99999) / 100.0, t || ' supplies'
FROM generate_series(1, 600) AS g (n), generate_series(0, 3) AS h (k), tenants;

INSERT INTO customer
SELECT t, n, 'Customer#' || lpad(n::text, 9, '0'), t || ' road ' || n, nation, pg_temp.phone(nation, t || 'c' || n),
  pg_temp.r(t || 'cb' || n, -99999, 999999) / 100.0,
  pg_temp.pick(t || 'cm' || n, '{AUTOMOBILE,BUILDING,FURNITURE,MACHINERY,HOUSEHOLD}'), t || ' customer ' || n
FROM (SELECT t, n, pg_temp.r(t || 'cn' || n, 0, 24) AS nation FROM generate_series(1, 300) AS g (n), tenants) AS customers;

-- every third customer never orders; one order in a hundred is large
CREATE TEMPORARY TABLE lines AS
SELECT t, o, l, day, day + pg_temp.r(t || 'ls' || o || '/' || l, 1, 121) AS ship, day + pg_temp.r(t || 'lc' || o || '/' || l, 30, 90) AS due,
  part, 1 + (part * 7 + pg_temp.r(t || 'lk' || o || '/' || l, 0, 3) * 12) % 50 AS supp,
  CASE WHEN o % 100 = 0 THEN 44 + l % 7 ELSE pg_temp.r(t || 'lq' || o || '/' || l, 1, 50) END AS quantity
FROM (SELECT t, o, l, date '1992-01-01' + pg_temp.r(t || 'od' || o, 0, 2405) AS day, pg_temp.r(t || 'lp' || o || '/' || l, 1, 600) AS part
      FROM tenants, generate_series(1, 3000) AS g (o), generate_series(1, CASE WHEN o % 100 = 0 THEN 7 ELSE pg_temp.r(t || 'ol' || o, 1, 7) END) AS h (l)) AS drawn;

INSERT INTO orders
SELECT t, o, 1 + c / 2 * 3 + c % 2, CASE WHEN max(ship) <= '1995-06-17' THEN 'F' WHEN min(ship) > '1995-06-17' THEN 'O' ELSE 'P' END,
  sum(quantity * (900 + part % 200)), day, pg_temp.pick(t || 'op' || o, '{1-URGENT,2-HIGH,3-MEDIUM,4-NOT SPECIFIED,5-LOW}'),
  'Clerk#' || lpad((o % 10)::text, 9, '0'), 0, t || CASE o % 9 WHEN 5 THEN ' has special needs and requests' ELSE ' order ' || o END
FROM (SELECT *, pg_temp.r(t || 'oc' || o, 0, 199) AS c FROM lines) AS numbered GROUP BY t, o, c, day;

INSERT INTO lineitem
SELECT t, o, part, supp, l, quantity, quantity * (900 + part % 200), pg_temp.r(t || 'di' || o || '/' || l, 0, 10) / 100.0, pg_temp.r(t || 'ta' || o || '/' || l, 0, 8) / 100.0,
  CASE WHEN receipt > '1995-06-17' THEN 'N' ELSE pg_temp.pick(t || 'rf' || o || '/' || l, '{R,A}') END,
  CASE WHEN ship > '1995-06-17' THEN 'O' ELSE 'F' END, ship, due, receipt,
  pg_temp.pick(t || 'in' || o || '/' || l, '{DELIVER IN PERSON,COLLECT COD,NONE,TAKE BACK RETURN}'),
  pg_temp.pick(t || 'sm' || o || '/' || l, '{REG AIR,AIR,RAIL,SHIP,TRUCK,MAIL,FOB}'), t || ' line'
FROM (SELECT *, ship + pg_temp.r(t || 'lr' || o || '/' || l, 1, 30) AS receipt FROM lines) AS received;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC;
ANALYZE;
