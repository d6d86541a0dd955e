import { expect, test } from 'vitest'
import { packSchema, SchemaAssembly } from '../../../src/compiling/schema-transfer.js'
import type { Snapshot } from '../../../src/schema/snapshot.js'
import { POLICY, SNAPSHOT } from '../../support/sql-world.js'

function handedOver(assembly: SchemaAssembly, snapshot: Snapshot): number {
  let messages = 0
  for (const message of packSchema(snapshot, POLICY)) {
    assembly.take(structuredClone(message))
    messages += 1
  }
  return messages
}

test('a schema arrives as it was, in place of the one before', () => {
  const assembly = new SchemaAssembly()
  const other = { ...SNAPSHOT, generation: 2, relations: new Map([...SNAPSHOT.relations].slice(0, 2)) }
  handedOver(assembly, other)
  expect(assembly.value).toEqual({ snapshot: other, policy: POLICY })
  handedOver(assembly, SNAPSHOT)
  expect(assembly.value).toEqual({ snapshot: SNAPSHOT, policy: POLICY })
})

test('a large schema is handed over in parts', () => {
  const [[, relation] = []] = SNAPSHOT.relations
  if (relation === undefined) throw new Error('the world has relations')
  const relations = new Map(Array.from({ length: 3_000 }, (_, i) => [`public.t${i}`, relation] as const))
  const assembly = new SchemaAssembly()
  expect(handedOver(assembly, { ...SNAPSHOT, relations })).toBeGreaterThan(5)
  expect(assembly.value.snapshot.relations).toEqual(relations)
})

test('without a schema nothing is compiled', () => {
  expect(() => new SchemaAssembly().value).toThrow('the schema comes before the first text')
})
