import type { BodyReader } from './body-reader.js'

/** What Describe and Close are about. */
export type MessageTarget = 'statement' | 'portal'

const TARGETS: ReadonlyMap<string, MessageTarget> = new Map([
  ['S', 'statement'],
  ['P', 'portal'],
])

export function readTarget(body: BodyReader): MessageTarget {
  const target = TARGETS.get(body.character())
  if (target === undefined) throw body.violation('it is about neither a statement nor a portal')
  return target
}

export function targetCharacter(target: MessageTarget): string {
  return target === 'statement' ? 'S' : 'P'
}
