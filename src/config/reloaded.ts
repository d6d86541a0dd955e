import { isDeepStrictEqual } from 'node:util'
import type { Configuration } from './schema.js'

/** What is taken over while the gateway runs, and what below it isn't. */
const RELOADED = ['policy', 'limits']
const FIXED = ['policy.searchPath', 'policy.rowSecurity']

/** The paths of the keys that differ and are in force after a restart only, in the order of the file. */
export function needRestart(running: Configuration, next: Configuration): readonly string[] {
  return differences(running, next, '').filter((path) => !isReloaded(path))
}

function isReloaded(path: string): boolean {
  return RELOADED.some((key) => isWithin(path, key)) && !FIXED.some((key) => isWithin(path, key))
}

function isWithin(path: string, key: string): boolean {
  return path === key || path.startsWith(`${key}.`)
}

function differences(a: unknown, b: unknown, path: string): readonly string[] {
  if (isDeepStrictEqual(a, b)) return []
  if (!isSection(a) || !isSection(b)) return [path]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) =>
    differences(a[name], b[name], path === '' ? name : `${path}.${name}`),
  )
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is in force when a running gateway takes over a changed configuration. */
export function reloaded(running: Configuration, next: Configuration): Configuration {
  const { searchPath, rowSecurity } = running.policy
  return { ...running, policy: { ...next.policy, searchPath, rowSecurity }, limits: next.limits }
}
