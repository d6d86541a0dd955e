import { StoreError } from './store-error.js'

type Settings = Readonly<Record<string, unknown>>

const KEY = /^[^.=\s]+(\.[^.=\s]+)+$/
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Applies `features.x=true`, `limits.queriesPerSecond=50`, `branding.color=#f60`; an empty value takes the key away.
 *
 * A value that is JSON has its type, everything else is text.
 */
export function applyAssignments(settings: Settings, assignments: readonly string[]): Settings {
  return assignments.reduce((before, assignment) => {
    const place = assignment.indexOf('=')
    const key = place < 0 ? assignment : assignment.slice(0, place)
    const path = key.split('.')
    if (place < 0 || !KEY.test(key) || path.some((part) => FORBIDDEN.has(part)))
      throw new StoreError(
        `${JSON.stringify(assignment)}: expected section.key=value, such as features.export=true`,
      )
    return assign(before, path, parsed(assignment.slice(place + 1)))
  }, settings)
}

function assign(settings: Settings, [key = '', ...rest]: readonly string[], value: unknown): Settings {
  if (rest.length > 0) {
    const inner = settings[key]
    return { ...settings, [key]: assign(isObject(inner) ? inner : {}, rest, value) }
  }
  if (value !== undefined) return { ...settings, [key]: value }
  const { [key]: _, ...others } = settings
  return others
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
