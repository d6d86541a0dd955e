import { readFileSync } from 'node:fs'

/** How the gateway pins a query's relations. */
export type Pins = 'plain' | 'firm'

/** One of the 22 queries; comments in its text show where a programmer would write the tenant predicates. */
export interface Query {
  readonly title: string
  readonly pins: Pins
  readonly text: string
}

export function queries(): readonly Query[] {
  const [, ...blocks] = read('queries.sql').trimEnd().split('\n\n')
  return blocks.map((block) => {
    const [heading = '', ...lines] = block.split('\n')
    const [, title = '', pins = ''] = /^-- (.*): (\w+)$/.exec(heading) ?? []
    if (pins !== 'plain' && pins !== 'firm') throw new Error(`a query without pins: ${heading}`)
    return { title, pins, text: lines.join('\n').replace(/;$/, '') }
  })
}

/**
 * The query as a programmer who never forgets would write it for one tenant.
 *
 * Shape    WHERE /* pin: c o *​/ x = 1  →  WHERE c.tenant_id = 'acme' AND o.tenant_id = 'acme' AND x = 1
 */
export function handWritten({ text, pins }: Query, tenant: string): string {
  const equals = pins === 'plain' ? `= '${tenant}'` : `= ANY ('{${tenant}}')`
  return text.replace(/\/\* (pin|where): ([\w ]+) \*\//g, (_comment, place: string, aliases: string) => {
    const all = aliases
      .split(' ')
      .map((alias) => `${alias}.tenant_id ${equals}`)
      .join(' AND ')
    return place === 'pin' ? `${all} AND` : `WHERE ${all}`
  })
}

/** Schema and rows of a database that holds some tenants. */
export function dataset(tenants: readonly string[]): string {
  return read('schema.sql') + read('rows.sql').replaceAll('{tenants}', `{${tenants.join(',')}}`)
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
