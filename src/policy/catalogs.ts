import { SYSTEM_RELATIONS } from './system-relations.generated.js'

/**
 * What a tenant sees of a relation of pg_catalog or information_schema: as is, an empty result, or a refusal;
 * undefined where no supported version has it, or the schema is neither of the two.
 */
export function systemRelation(schema: string, name: string): 'metadata' | 'empty' | 'denied' | undefined {
  return SYSTEM_RELATIONS.get(`${schema}.${name}`)
}
