import { z } from 'zod'
import type { KeyNotes } from '../../src/config/keys.js'
import { ConfigurationSchema } from '../../src/config/schema.js'

interface JsonSchema extends Partial<KeyNotes> {
  readonly type?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly anyOf?: readonly JsonSchema[]
}

/** A section or a key of the configuration file, in the order of the schema. */
export interface ConfigurationKey extends KeyNotes {
  readonly path: readonly string[]
  readonly type: string
  readonly isSection: boolean
  readonly isRequired: boolean
  readonly default: unknown
}

export function configurationKeys(): readonly ConfigurationKey[] {
  return collect(z.toJSONSchema(ConfigurationSchema, { io: 'input' }) as JsonSchema, [])
}

function collect(schema: JsonSchema, path: readonly string[]): readonly ConfigurationKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const here = [...path, name]
    const isSection = child.properties !== undefined
    const key: ConfigurationKey = {
      path: here,
      type: typeOf(child),
      isSection,
      isRequired: child.default === undefined,
      default: child.default,
      description: child.description ?? '',
      ...(child.unit === undefined ? {} : { unit: child.unit }),
      ...(child.example === undefined ? {} : { example: child.example }),
    }
    return [key, ...collect(child, here)]
  })
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.entry !== undefined) return `map by \`${schema.entry}\``
  if (schema.type === 'array') return 'list'
  return schema.type ?? ''
}
