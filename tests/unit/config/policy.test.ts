import { describe, expect, test } from 'vitest'
import { parseConfiguration } from '../../../src/config/parse.js'
import { policyOf } from '../../../src/config/policy.js'

const text = `
upstream: { url: postgres://a/b, operatorUrl: postgres://a/b }
policy:
  tenantColumn: org
  relations:
    public.countries: { access: shared }
    public.items: { access: via, column: order_id, references: 'sales."Orders.All".id' }
    public.accounts: { access: tenant, column: owner }
    Public."a.b": { access: denied }
  functions: { allow: [public.slugify], extensions: [pg_trgm] }
`

describe('policyOf', () => {
  const policy = policyOf(parseConfiguration({ file: 'gate.yaml', text, variables: {} }), 7)

  test('keys relations and functions by schema and name as the catalog spells them', () => {
    expect(Object.fromEntries(policy.relations)).toEqual({
      'public\0countries': { access: 'shared' },
      'public\0items': {
        access: 'via',
        column: 'order_id',
        references: { schema: 'sales', name: 'Orders.All', column: 'id' },
      },
      'public\0accounts': { access: 'tenant', column: 'owner' },
      'Public\0a.b': { access: 'denied' },
    })
    expect([...policy.functions.allow]).toEqual(['public\0slugify'])
  })

  test('carries generation, tenant column and control schema', () => {
    expect(policy).toMatchObject({ generation: 7, tenantColumn: 'org', controlSchema: 'tenantgate' })
  })
})
