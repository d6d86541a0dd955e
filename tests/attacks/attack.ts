import { readdirSync, readFileSync } from 'node:fs'
import { FULL } from '../support/world/full.js'

/**
 * One attack of a file in `cases/`.
 *
 * Shape    -- title
 *          --! directive: value      (any number)
 *          the text, as a tenant sends it, up to an empty line
 */
export interface Attack {
  readonly family: string
  readonly title: string
  readonly text: string
  /** Sent by the extended protocol if present. */
  readonly params: readonly (string | null)[] | undefined
  /** Who proves the leak on the raw database: what an ordinary role can't do is shown by a superuser. */
  readonly raw: 'role' | 'superuser'
  /** What must equal the private database's answer: where tenants share a key or a setting, it can't be all. */
  readonly compare: 'all' | 'errors' | 'none'
  /** 'refused': whatever it returns, it must not run. */
  readonly expect: 'refused' | 'harmless'
  /** The first major version of PostgreSQL that has the syntax. */
  readonly since: number
  /** Why it is known to tell something all the same; the day it doesn't, its test fails. */
  readonly accepted: string | undefined
  /** Whether it is the session's to stop, not the compiler's: what errors and messages carry. */
  readonly session: boolean
  /** SQL that shows an effect no row tells, run by a superuser while the session is open. */
  readonly probe: string | undefined
  /** SQL that undoes the effect, run by a superuser. */
  readonly after: string | undefined
  /** A channel that another tenant listens to and must hear nothing on. */
  readonly listen: string | undefined
  /** A channel that another tenant sends a marker to, which this session must not get. */
  readonly notify: string | undefined
  /** The key, or the two, of an advisory lock that another tenant has. */
  readonly locks: string | undefined
}

const DIRECTIVES = [
  'params',
  'raw',
  'compare',
  'expect',
  'accepted',
  'since',
  'session',
  'probe',
  'after',
  'listen',
  'notify',
  'locks',
]

/** Every attack of the folder, in the order of the files. */
export function attacks(): readonly Attack[] {
  const folder = new URL('cases/', import.meta.url)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .flatMap((name) => parseAttacks(name.slice(0, -4), readFileSync(new URL(name, folder), 'utf8')))
}

/** In the short run every fourth: each is proven on the raw database there, and meets the whole gateway. */
export function sampledAttacks(): readonly Attack[] {
  return attacks().filter((_, index) => FULL || index % 4 === 0)
}

export function parseAttacks(family: string, source: string): readonly Attack[] {
  const blocks = source.split(/\n{2,}/).filter((block) => block.trim() !== '')
  return blocks.map((block) => parseAttack(family, block))
}

function parseAttack(family: string, block: string): Attack {
  const [first = '', ...rest] = block.split('\n')
  const head = rest.findIndex((line) => !line.startsWith('--! '))
  const directives = new Map(rest.slice(0, head).map(directive))
  const params = directives.get('params')
  return {
    family,
    title: first.replace(/^-- /, ''),
    text: rest.slice(head).join('\n').trimEnd(),
    params: params === undefined ? undefined : JSON.parse(params),
    raw: directives.get('raw') === 'superuser' ? 'superuser' : 'role',
    compare: comparison(directives.get('compare')),
    expect: directives.get('expect') === 'refused' ? 'refused' : 'harmless',
    since: Number(directives.get('since') ?? 14),
    accepted: directives.get('accepted'),
    session: directives.get('session') === 'yes',
    probe: directives.get('probe'),
    after: directives.get('after'),
    listen: directives.get('listen'),
    notify: directives.get('notify'),
    locks: directives.get('locks'),
  }
}

function directive(line: string): readonly [string, string] {
  const [, name, value] = /^--! (\w+): (.*)$/.exec(line) ?? []
  if (name === undefined || value === undefined || !DIRECTIVES.includes(name))
    throw new Error(`no directive: ${line}`)
  return [name, value]
}

function comparison(value: string | undefined): Attack['compare'] {
  return value === 'errors' || value === 'none' ? value : 'all'
}
