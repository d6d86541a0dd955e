/**
 * The reviewed decisions on types that a statement may name; `npm run generate` applies them to the inventory.
 *
 * A type is named in a cast, a column definition or a RETURNING of JSON. Ranges, multiranges and domains come with the
 * types they are made of. A base or pseudo-type that stands in neither list stops the generator.
 */

const words = (text) => text.trim().split(/\s+/)

export const ALLOWED = words(`
  aclitem bit bool box bpchar bytea char cid cidr circle date float4 float8 inet int2 int2vector int4 int8 interval json
  jsonb jsonpath line lseg macaddr macaddr8 money name numeric oid oidvector path pg_lsn pg_snapshot point polygon
  refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole
  regtype text tid time timestamp timestamptz timetz tsquery tsvector txid_snapshot uuid varbit varchar xid xid8 xml`)

export const DENIED = {
  internal: words(`
    gtsvector pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_dependencies pg_mcv_list pg_ndistinct pg_node_tree`),
}

export const REASONS = {
  internal: 'values of it are made by the server alone',
  pseudo: 'no value has it',
  row: 'it is the row of a system relation',
}
