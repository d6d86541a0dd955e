const RAW = ['text', 'varchar', 'bpchar', 'name']
const WIDTHS: ReadonlyMap<string, number> = new Map([
  ['pg_catalog.int2', 2],
  ['pg_catalog.int4', 4],
  ['pg_catalog.int8', 8],
])
const TYPES: ReadonlySet<string> = new Set([
  ...RAW.map((type) => `pg_catalog.${type}`),
  ...WIDTHS.keys(),
  'pg_catalog.uuid',
])

/** Whether the binary representation of a type is known here. */
export function hasBinaryForm(type: string): boolean {
  return TYPES.has(type)
}

/** A tenant's id as its type's `…send` function writes it; null where it is no value of the type. */
export function binaryTenant(tenant: string, type: string): Buffer | null {
  if (type === 'pg_catalog.uuid') {
    const digits = tenant.replaceAll('-', '')
    return /^[0-9a-f]{32}$/i.test(digits) ? Buffer.from(digits, 'hex') : null
  }
  const width = WIDTHS.get(type)
  return width === undefined ? Buffer.from(tenant, 'latin1') : integer(tenant, width)
}

function integer(text: string, width: number): Buffer | null {
  if (!/^-?\d{1,19}$/.test(text)) return null
  const value = BigInt(text)
  const bytes = Buffer.alloc(8)
  if (BigInt.asIntN(width * 8, value) !== value) return null
  bytes.writeBigInt64BE(value)
  return bytes.subarray(8 - width)
}
