/** Values at the edges of each type, as SQL: what an expression would fail on if it could. */
export const HOSTILE: Readonly<Record<string, readonly string[]>> = {
  boolean: [`true`, `false`],
  '"char"': [`''::"char"`, `'\\377'::"char"`],
  bytea: [`''::bytea`, `'\\x00ff'::bytea`, `decode(repeat('ff', 10000), 'hex')`],
  name: [`''::name`, `repeat('ä', 31)::name`],
  text: [`''`, `'\\'`, `E'\\x01'`, `repeat('😀', 10000)`, `'ﬁ'`, `U&'\\0301'`, `'%'`].map(
    (value) => `${value}::text`,
  ),
  'character varying': [`''::varchar`, `repeat('ä', 100)::varchar`],
  character: [`''::bpchar`, `'a   '::bpchar`, `repeat('ß', 1000)::bpchar`],
  smallint: [`'-32768'::int2`, `32767::int2`, `0::int2`],
  integer: [`'-2147483648'::int4`, `2147483647`, `0`, `-1`],
  bigint: [`'-9223372036854775808'::int8`, `9223372036854775807::int8`, `0::int8`],
  oid: [`0::oid`, `4294967295::oid`],
  real: [`'NaN'::float4`, `'-Infinity'::float4`, `'3.4e38'::float4`, `'1e-45'::float4`],
  'double precision': [
    `'NaN'::float8`,
    `'Infinity'::float8`,
    `'-1.7e308'::float8`,
    `'5e-324'::float8`,
    `'-0'::float8`,
  ],
  numeric: [
    `'NaN'::numeric`,
    `'Infinity'::numeric`,
    `'-Infinity'::numeric`,
    `repeat('9', 10000)::numeric`,
    `('1e-' || 10000)::numeric`,
  ],
  money: [`'-92233720368547758.08'::money`, `'92233720368547758.07'::money`],
  date: [`'infinity'::date`, `'-infinity'::date`, `'4714-11-24 BC'::date`, `'5874897-12-31'::date`],
  'time without time zone': [`'00:00'::time`, `'24:00'::time`],
  'time with time zone': [`'00:00+15:59'::timetz`, `'24:00-15:59'::timetz`],
  'timestamp without time zone': [
    `'infinity'::timestamp`,
    `'-infinity'::timestamp`,
    `'4714-11-24 BC'::timestamp`,
    `'294276-12-31 23:59:59.999999'::timestamp`,
  ],
  'timestamp with time zone': [
    `'infinity'::timestamptz`,
    `'-infinity'::timestamptz`,
    `'4714-11-24 00:00+00 BC'::timestamptz`,
    `'294276-12-31 23:59:59.999999+00'::timestamptz`,
  ],
  interval: [
    `'178000000 years'::interval`,
    `'-178000000 years'::interval`,
    `'2147483647 days 2000000000 hours'::interval`,
  ],
  bit: [`B''`, `B'1'`, `repeat('1', 1000)::bit(1000)`],
  'bit varying': [`''::varbit`, `repeat('0', 1000)::varbit`],
  uuid: [
    `'00000000-0000-0000-0000-000000000000'::uuid`,
    `'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid`,
    `'018f0000-0000-7000-8000-000000000000'::uuid`,
  ],
  inet: [`'0.0.0.0/0'::inet`, `'::/0'::inet`, `'ffff::1'::inet`],
  macaddr: [`'ff:ff:ff:ff:ff:ff'::macaddr`],
  macaddr8: [`'ff:ff:ff:ff:ff:ff:ff:ff'::macaddr8`],
  jsonb: [
    `'null'::jsonb`,
    `'"\\u0001"'::jsonb`,
    `'{"a":[1e1000]}'::jsonb`,
    `(repeat('[', 500) || repeat(']', 500))::jsonb`,
  ],
  anyarray: [`'{}'::int4[]`, `'{NULL}'::int4[]`, `'[-5:-4]={1,2}'::int4[]`, `'{{1,2},{3,4}}'::int4[]`],
  anyrange: [`'empty'::int4range`, `'(,)'::int4range`, `'[1,2147483647)'::int4range`],
  anymultirange: [`'{}'::int4multirange`, `'{(,)}'::int4multirange`, `'{[1,3),[5,7)}'::int4multirange`],
  anyenum: [`'low'::hostile_enum`, `'high'::hostile_enum`],
  '"any"': [`NULL::text`, `1`, `'x'::text`, `'{NULL}'::text[]`],
  tsvector: [`''::tsvector`, `'a:1A b'::tsvector`],
  tsquery: [`''::tsquery`, `'a & !b'::tsquery`],
  pg_lsn: [`'0/0'::pg_lsn`, `'FFFFFFFF/FFFFFFFF'::pg_lsn`],
  tid: [`'(0,0)'::tid`, `'(4294967295,65535)'::tid`],
  xid: [`'0'::xid`, `'4294967295'::xid`],
  xid8: [`'0'::xid8`, `'18446744073709551615'::xid8`],
  cid: [`'4294967295'::cid`],
  oidvector: [`''::oidvector`, `'1 2 4294967295'::oidvector`],
  aclitem: [`'=r/pg_database_owner'::aclitem`],
  path: [`'[(1e308,1e308)]'::path`, `'((0,0),(-1e308,1e308))'::path`],
  point: [`'(1e308,-1e308)'::point`, `'(NaN,Infinity)'::point`, `'(0,0)'::point`],
}

/** Every combination of the arguments' hostile values; undefined where a type has none. */
export function combinations(types: readonly string[]): readonly (readonly string[])[] | undefined {
  return types.reduce<readonly (readonly string[])[] | undefined>(
    (known, type) => {
      const values = HOSTILE[type]
      return values && known?.flatMap((before) => values.map((value) => [...before, value]))
    },
    [[]],
  )
}
