/** One way to spoil a scoped text, at each place where it can be done. */
export interface Mutation {
  readonly title: string
  /** Every text that differs from `scoped` by one such change. */
  readonly apply: (scoped: string) => readonly string[]
}

/** What stands for the tenant in the texts that are spoilt. */
export const SENTINEL = 'tgsentinel'

const PIN = new RegExp(
  String.raw`(?:"[^"]+"|\w+)\.(?:"[^"]+"|\w+) OPERATOR\(pg_catalog\.=\) (?:ANY \('\{${SENTINEL}\}'\)|'${SENTINEL}')`,
  'g',
)

export const MUTATIONS: readonly Mutation[] = [
  {
    title: 'a guard is taken away',
    apply: (scoped) =>
      guards(scoped).map(
        ({ open, start, end }) =>
          scoped.slice(0, open) + scoped.slice(open + 1, start) + scoped.slice(end + 1),
      ),
  },
  {
    title: 'a guard holds of every row',
    apply: (scoped) =>
      guards(scoped).map(({ condition, end }) => `${scoped.slice(0, condition)}true${scoped.slice(end)}`),
  },
  { title: 'a guard is an outer join', apply: each(/ JOIN \(SELECT\) AS _tg/g, (found) => ` LEFT${found}`) },
  {
    title: 'a guard is another relation',
    apply: each(/ JOIN \(SELECT\) AS (_tg\d+)/g, () => ' JOIN (SELECT WHERE true) AS x'),
  },
  { title: 'a pin is true', apply: each(PIN, () => 'true') },
  { title: 'a pin is turned round', apply: each(PIN, (found) => `NOT (${found})`) },
  { title: 'a pin is one of two conditions', apply: each(PIN, (found) => `(${found} OR true)`) },
  {
    title: 'a pin compares otherwise',
    apply: each(/OPERATOR\(pg_catalog\.=\)/g, () => 'OPERATOR(pg_catalog.<>)'),
  },
  {
    title: "a pin's operator is whatever the path finds",
    apply: each(/OPERATOR\(pg_catalog\.=\)/g, () => '='),
  },
  {
    title: "a pin's operator is somebody's own",
    apply: each(/OPERATOR\(pg_catalog\.=\)/g, () => 'OPERATOR(public.=)'),
  },
  {
    title: 'a pin tests another column',
    apply: each(/\.(?:tenant_id|org)(?= OPERATOR\(pg_catalog\.=\))/g, () => '.id'),
  },
  {
    title: 'a pin names another relation',
    apply: each(/\b\w+(?=\.(?:tenant_id|org) OPERATOR\(pg_catalog\.=\))/g, () => 'other'),
  },
  {
    title: 'a pin stands beside the condition, not before it',
    apply: each(/(?<='(?:\))? )AND (?=\()/g, () => 'OR '),
  },
  { title: 'another tenant is named', apply: each(new RegExp(SENTINEL, 'g'), () => 'other') },
  {
    title: 'a second tenant is named',
    apply: each(new RegExp(String.raw`\{${SENTINEL}\}`, 'g'), () => `{${SENTINEL},other}`),
  },
  { title: 'a stamp is missing', apply: each(new RegExp(`'${SENTINEL}'`, 'g'), () => 'NULL') },
  { title: 'a stamp is the default', apply: each(new RegExp(`'${SENTINEL}'`, 'g'), () => 'DEFAULT') },
  {
    title: 'a stamp is an expression',
    apply: each(new RegExp(`'${SENTINEL}'`, 'g'), (found) => `(${found} || '')`),
  },
  {
    title: 'a channel is what the client wrote',
    apply: each(/\btg_[0-9a-f]{40}\b/g, () => 'kanal'),
  },
  {
    title: "a channel is another tenant's",
    apply: each(/\btg_[0-9a-f]{40}\b/g, (found) => found.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
  },
  {
    title: 'a key or a channel is hashed without a tenant',
    apply: each(new RegExp(`'${SENTINEL}/(?:[12]/)?'`, 'g'), () => "''"),
  },
  {
    title: 'a key is one of the other kind',
    apply: each(new RegExp(`'${SENTINEL}/[12]/'`, 'g'), (found) =>
      found.replace(/[12](?=\/')/, (kind) => (kind === '1' ? '2' : '1')),
    ),
  },
  {
    title: 'a key or a channel is hashed by whatever the path finds',
    apply: each(
      /\bpg_catalog\.(?=(?:hashtextextended|encode|sha256|byteacat|int[48]send|textcat|left|decode|substring|convert_to)\()/g,
      () => '',
    ),
  },
  {
    title: 'a key or a channel keeps less of its hash',
    apply: each(/(?<='hex'\), )(?:0|40)(?=\))/g, () => '1'),
  },
  { title: 'a fence has a gate', apply: each(/ OFFSET 0\)/g, () => ')') },
  { title: 'a fence has a gap', apply: each(/ OFFSET 0\)/g, () => ' OFFSET 1)') },
  {
    title: 'a parent is any parent',
    apply: each(/EXISTS \(SELECT FROM public\.\w+ AS _tg/g, (found) => `NOT ${found}`),
  },
  {
    title: 'a key is no parent’s',
    apply: (scoped) =>
      ties(scoped).map(({ start, end, value }) => scoped.slice(0, start) + value + scoped.slice(end)),
  },
  { title: 'a key is any', apply: each(/CASE WHEN EXISTS/g, () => 'CASE WHEN true OR EXISTS') },
  {
    title: 'a key that is no parent’s doesn’t fail',
    apply: each(/CAST\(pg_catalog\.concat\('tg_parent [^)]*\) AS pg_catalog\.bool\)/g, () => 'true'),
  },
  { title: 'a parent may go away', apply: each(/ FOR KEY SHARE/g, () => '') },
  { title: 'a key may be folded', apply: each(/ OFFSET 0\) AS _tg0/g, () => ') AS _tg0') },
  {
    title: 'a key is of another type',
    apply: each(/ AS pg_catalog\.int4\)/g, () => ' AS pg_catalog.int8)'),
  },
  {
    title: 'a relation is whatever the path finds',
    apply: each(/\bpublic\.(?=\w+(?: \w+)? JOIN \(SELECT\))/g, () => ''),
  },
  { title: 'an empty relation is full', apply: each(/(?<=AS _tg\d+ ON )false/g, () => 'true') },
  {
    title: 'a number of the client is another one',
    apply: each(/(?<= )\d+\b/g, (found) => String(Number(found) + 1)),
  },
  {
    title: 'a row of the client is missing',
    apply: each(/ (?:FOR UPDATE|DISTINCT|UNION ALL|LEFT JOIN|NOT)\b/g, dropped),
  },
]

const DROPPED: Readonly<Record<string, string>> = { ' UNION ALL': ' UNION', ' LEFT JOIN': ' JOIN' }

function dropped(found: string): string {
  return DROPPED[found] ?? ''
}

/** Replaces each match on its own. */
function each(pattern: RegExp, replace: (found: string) => string): Mutation['apply'] {
  return (scoped) =>
    [...scoped.matchAll(pattern)].map(
      ({ 0: found, index }) => scoped.slice(0, index) + replace(found) + scoped.slice(index + found.length),
    )
}

interface Tied {
  readonly start: number
  readonly end: number
  /** The client's value inside. */
  readonly value: string
}

const TIE = '(SELECT _tg0._tg0 FROM (VALUES (CAST('

function ties(scoped: string): readonly Tied[] {
  return [...scoped.matchAll(new RegExp(TIE.replace(/[().]/g, '\\$&'), 'g'))].flatMap(({ index: start }) => {
    const from = start + TIE.length
    const value = scoped.slice(from, closing(scoped, from)).replace(/ AS pg_catalog\.int4$/, '')
    const end = closing(scoped, start + 1)
    return end === -1 ? [] : [{ start, end: end + 1, value }]
  })
}

interface Guard {
  /** The bracket that opens it, and the one that closes it. */
  readonly open: number
  readonly end: number
  /** Where its join begins, and where its condition does. */
  readonly start: number
  readonly condition: number
}

function guards(scoped: string): readonly Guard[] {
  return [...scoped.matchAll(/ JOIN \(SELECT\) AS _tg\d+ ON /g)].flatMap(({ 0: found, index: start }) => {
    const condition = start + found.length
    const end = closing(scoped, condition)
    return end === -1 ? [] : [{ open: opening(scoped, start - 1), start, condition, end }]
  })
}

function opening(text: string, from: number): number {
  let depth = 0
  for (let i = from; i >= 0; i -= 1) {
    if (text[i] === ')') depth += 1
    if (text[i] === '(' && depth-- === 0) return i
  }
  return -1
}

function closing(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === '(') depth += 1
    if (text[i] === ')' && depth-- === 0) return i
  }
  return -1
}
