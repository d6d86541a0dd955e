import type { GatewayError } from '../../core/errors.js'
import { unsupported } from '../refusals.js'
import { ADMITTED_FIELDS } from './admitted-fields.js'
import { FIELDS, type FieldType, type NodeKind } from './grammar.js'

/** The fields of a node, without its tag. */
export type Struct = { readonly [field: string]: unknown }

/** A node with its tag: `{ "SelectStmt": { … } }`; `{}` stands for an absent one. */
export type Tagged = { readonly [kind: string]: Struct }

export type Visit = (kind: NodeKind, struct: Struct, field: string) => void

/** The tag and the fields of a node, or null for `{}`. */
export function untag(node: unknown): { readonly kind: NodeKind; readonly struct: Struct } | null {
  for (const kind in node as Tagged) {
    const struct = (node as Tagged)[kind]
    if (struct === undefined || !FIELDS.has(kind)) throw unknown(kind)
    return { kind: kind as NodeKind, struct }
  }
  return null
}

/** Of each kind those fields that may occur; the fields of the others are never asked for. */
const WALKED: ReadonlyMap<string, ReadonlyMap<string, FieldType>> = new Map(
  Object.entries(ADMITTED_FIELDS).map(([kind, admitted]) => {
    const names = new Set(admitted.split(' '))
    return [kind, new Map([...(FIELDS.get(kind) ?? [])].filter(([field]) => names.has(field)))]
  }),
)

/**
 * Visits each direct child node of a struct, whether it stands tagged, in a list or untagged.
 *
 * A field that nobody admitted is refused, never skipped:
 * a child that nobody visits is a table that nobody guards.
 *
 * Throws   UNSUPPORTED_CONSTRUCT
 */
export function eachChild(kind: NodeKind, struct: Struct, visit: Visit): void {
  const fields = WALKED.get(kind)
  for (const field in struct) {
    const type = fields?.get(field)
    if (type === undefined) throw unknown(`${kind}.${field}`)
    visitField(type, { kind, field, value: struct[field] }, visit)
  }
}

function visitField(
  type: FieldType,
  at: { readonly kind: string; readonly field: string; readonly value: unknown },
  visit: Visit,
): void {
  const { field, value } = at
  if (type === 'scalar') {
    if (typeof value === 'object' && value !== null) throw unknown(`${at.kind}.${field}`)
  } else if (type === 'node') visitTagged(value, field, visit)
  else if (type === 'nodes') {
    for (const item of value as readonly unknown[]) visitTagged(item, field, visit)
  } else visit(type.slice(1) as NodeKind, value as Struct, field)
}

function visitTagged(value: unknown, field: string, visit: Visit): void {
  const child = untag(value)
  if (child !== null) visit(child.kind, child.struct, field)
}

function unknown(construct: string): GatewayError {
  return unsupported('unknownNode', { about: { node: construct } })
}
