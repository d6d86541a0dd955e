/**
 * The catalog queries of introspection; each works on PostgreSQL 14 to 18.
 *
 * They run under `search_path = pg_catalog, pg_temp`, so that `pg_get_viewdef` qualifies every name outside pg_catalog.
 *
 * Source   https://www.postgresql.org/docs/current/catalogs.html
 */

/** No user's schema can begin with `pg_`: the server reserves the prefix. */
const USER_SCHEMA = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`

const EXTENSION = (catalog: string, oid: string) => `(
  SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e'
    AND d.refclassid = 'pg_extension'::regclass LIMIT 1)::text`

/** Names of index or constraint columns in key order. */
const NAMES = (relation: string, numbers: string) => `ARRAY(
  SELECT a.attname::text FROM unnest(${numbers}) WITH ORDINALITY AS listed(attnum, place)
  JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = listed.attnum ORDER BY listed.place)`

export const SERVER = `
SELECT current_setting('server_version_num')::int4 AS version, current_setting('server_encoding') AS encoding`

export const SCHEMAS = `SELECT n.nspname::text AS name FROM pg_namespace n WHERE ${USER_SCHEMA}`

export const EXTENSIONS = `SELECT extname::text AS name FROM pg_extension ORDER BY extname`

export const RELATIONS = `
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
       ${EXTENSION('pg_class', 'c.oid')} AS extension,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
       (SELECT json_build_object('oid', d.refobjid::int8, 'column', a.attname) FROM pg_depend d
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
          AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') LIMIT 1) AS counts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND ${USER_SCHEMA}
ORDER BY c.oid`

/** By these two different ids are never equal; by citext and the like they may be, and by numeric 1e1 is 10. */
const EXACT = `(b.typtype = 'e' OR b.typnamespace = 'pg_catalog'::regnamespace
    AND b.typname IN ('text', 'varchar', 'bpchar', 'name', 'int2', 'int4', 'int8', 'uuid'))`

/**
 * A true array is the type its element calls its array; int2vector and oidvector are not.
 *
 * `quote_ident` quotes varchar, numeric, timestamp and their like, which are keywords; behind a schema they need no quotes, and
 * everything that knows a built-in type knows it by its bare name.
 */
export const COLUMNS = `
WITH RECURSIVE bases (type, base) AS (
  SELECT oid, oid FROM pg_type WHERE typtype <> 'd'
  UNION ALL SELECT d.oid, b.base FROM pg_type d JOIN bases b ON d.typtype = 'd' AND d.typbasetype = b.type
)
SELECT a.attrelid AS oid, a.attname::text AS name, a.atttypid AS "typeOid",
       quote_ident(tn.nspname) || '.' ||
         CASE WHEN tn.nspname = 'pg_catalog' AND t.typname ~ '^[a-z_][a-z0-9_]*$' THEN t.typname::text ELSE quote_ident(t.typname) END ||
         CASE WHEN e.oid IS NULL THEN '' ELSE '[]' END AS type,
       t.typtype::text AS "typeKind", tn.nspname = 'pg_catalog' AS "builtinType",
       a.attnotnull AS "notNull", a.atthasdef AND a.attgenerated = '' AS "hasDefault",
       a.attgenerated <> '' AS generated, a.attgenerated = 'v' AS virtual,
       a.attcollation IN (0, 100) AS "defaultCollation",
       e.oid IS NULL AND coalesce((SELECT o.collisdeterministic FROM pg_collation o WHERE o.oid = a.attcollation), true)
         AND EXISTS (SELECT FROM bases JOIN pg_type b ON b.oid = bases.base WHERE bases.type = t.oid AND ${EXACT}) AS exact,
       a.attidentity::text AS identity
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_type e ON e.typarray = a.atttypid AND a.atttypid <> 0
JOIN pg_type t ON t.oid = coalesce(e.oid, a.atttypid)
JOIN pg_namespace tn ON tn.oid = t.typnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND ${USER_SCHEMA}
ORDER BY a.attrelid, a.attnum`

export const UNIQUE_KEYS = `
SELECT i.indrelid AS oid, i.indisprimary AS "isPrimary",
       ${NAMES('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')} AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND ${USER_SCHEMA}
ORDER BY i.indrelid, i.indexrelid`

export const FOREIGN_KEYS = `
SELECT k.conrelid AS oid, k.conname::text AS name, k.confrelid AS "referencesOid",
       ${NAMES('k.conrelid', 'k.conkey')} AS columns, ${NAMES('k.confrelid', 'k.confkey')} AS "referencedColumns",
       k.convalidated AS validated, k.condeferred AS deferred, k.confupdtype = 'c' AS cascades,
       'd' IN (k.confupdtype, k.confdeltype) AS resets,
       NOT EXISTS (
         SELECT FROM unnest(k.conkey, k.confkey) AS pair (child, parent)
         JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = pair.child
         JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = pair.parent
         WHERE c.atttypmod <> -1 AND (c.atttypid, c.atttypmod) IS DISTINCT FROM (p.atttypid, p.atttypmod)
       ) AS exact
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND ${USER_SCHEMA}
ORDER BY k.conrelid, k.conname`

export const PARENTS = `SELECT inhrelid AS oid, inhparent AS "parentOid" FROM pg_inherits ORDER BY inhrelid, inhseqno`

export const FUNCTIONS = `
SELECT n.nspname::text AS schema, p.proname::text AS name, p.prokind::text AS kind,
       p.pronargs AS arguments, p.pronargdefaults AS defaults, p.provariadic <> 0 AS variadic,
       p.procost AS cost, l.lanname::text AS language, p.proleakproof AS leakproof, p.prosecdef AS "securityDefiner",
       ${EXTENSION('pg_proc', 'p.oid')} AS extension
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE ${USER_SCHEMA}
ORDER BY p.oid`

export const OPERATORS = `
SELECT n.nspname::text AS schema, o.oprname::text AS name, fn.nspname::text AS "functionSchema",
       p.proname::text AS "functionName", ${EXTENSION('pg_operator', 'o.oid')} AS extension,
       EXISTS (SELECT FROM pg_type t WHERE (t.oid IN (o.oprleft, o.oprright) OR t.typarray IN (o.oprleft, o.oprright) AND t.typarray <> 0)
         AND ${EXTENSION('pg_type', 't.oid')} = ${EXTENSION('pg_operator', 'o.oid')}) AS "ownType"
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
JOIN pg_proc p ON p.oid = o.oprcode JOIN pg_namespace fn ON fn.oid = p.pronamespace
WHERE n.nspname <> 'pg_catalog'
ORDER BY o.oid`

export const CASTS = `
SELECT s.typname::text AS source, t.typname::text AS target, fn.nspname::text AS "functionSchema",
       p.proname::text AS "functionName", ${EXTENSION('pg_cast', 'c.oid')} AS extension,
       coalesce(${EXTENSION('pg_type', 's.oid')} = ${EXTENSION('pg_cast', 'c.oid')}, false) AS "ownSource"
FROM pg_cast c JOIN pg_type s ON s.oid = c.castsource JOIN pg_type t ON t.oid = c.casttarget
JOIN pg_proc p ON p.oid = c.castfunc JOIN pg_namespace fn ON fn.oid = p.pronamespace
WHERE c.oid >= 16384
ORDER BY c.oid`

/**
 * Arrays are left out: their names are derived from their elements'.
 *
 * `parts` leads from each type to what its values are made of, so that a check is found however deep its domain lies.
 */
export const TYPES = `
WITH RECURSIVE parts (whole, part) AS (
  SELECT t.oid, t.oid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${USER_SCHEMA}
  UNION
  SELECT p.whole, inner_type.oid FROM parts p JOIN pg_type t ON t.oid = p.part,
  LATERAL (
    SELECT t.typbasetype WHERE t.typtype = 'd'
    UNION ALL SELECT t.typelem WHERE t.typelem <> 0
    UNION ALL SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE t.oid = r.rngtypid
    UNION ALL SELECT d.refobjid FROM pg_constraint k JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass
      AND d.objid = k.oid AND d.refclassid = 'pg_type'::regclass WHERE k.contypid = t.oid
    UNION ALL SELECT r.rngtypid FROM pg_range r WHERE t.oid = r.rngmultitypid
  ) AS inner_type (oid)
), checks (whole, function) AS (
  SELECT p.whole, coalesce(o.oprcode::oid, d.refobjid)
  FROM parts p JOIN pg_constraint k ON k.contypid = p.part
  JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid
    AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)
  LEFT JOIN pg_operator o ON d.refclassid = 'pg_operator'::regclass AND o.oid = d.refobjid
)
SELECT t.oid, t.typarray AS "arrayOid", n.nspname::text AS schema, t.typname::text AS name, t.typtype::text AS kind,
       ${EXTENSION('pg_type', 't.oid')} AS extension,
       (SELECT coalesce(json_agg(json_build_object('schema', fn.nspname, 'name', f.proname, 'extension',
          ${EXTENSION('pg_proc', 'f.oid')}) ORDER BY f.oid), '[]')
        FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace
        WHERE fn.nspname <> 'pg_catalog' AND f.oid IN (SELECT function FROM checks WHERE whole = t.oid)) AS "checkFunctions"
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE ${USER_SCHEMA} AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
ORDER BY t.oid`

/**
 * One short text that changes with every schema change; 16384 is the first OID that isn't the server's own.
 *
 * It may also change without one (temporary tables): introspection then finds the same snapshot again.
 */
export const FINGERPRINT = `SELECT concat_ws(' ', ${[
  ['pg_namespace', 'oid'],
  ['pg_class', 'oid'],
  ['pg_attribute', 'attrelid'],
  ['pg_type', 'oid'],
  ['pg_proc', 'oid'],
  ['pg_operator', 'oid'],
  ['pg_cast', 'oid'],
  ['pg_constraint', 'oid'],
  ['pg_index', 'indexrelid'],
  ['pg_inherits', 'inhrelid'],
  ['pg_rewrite', 'ev_class'],
  ['pg_extension', 'oid'],
]
  .map(
    ([catalog, oid]) =>
      `(SELECT count(*) || ':' || coalesce(sum(xmin::text::int8), 0) FROM pg_catalog.${catalog} WHERE ${oid} >= 16384)`,
  )
  .join(', ')}) AS fingerprint`
