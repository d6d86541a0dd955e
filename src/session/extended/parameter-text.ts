/** Binary representations whose text is known; the manual doesn't document them, the server's `…send` functions do. */
const BINARY: ReadonlyMap<string, (bytes: Buffer) => string | null> = new Map([
  ...['text', 'varchar', 'bpchar', 'name', 'citext', 'unknown'].map(
    (type) => [type, (bytes: Buffer) => bytes.toString('utf8')] as const,
  ),
  ['int2', (bytes) => (bytes.length === 2 ? String(bytes.readInt16BE()) : null)],
  ['int4', (bytes) => (bytes.length === 4 ? String(bytes.readInt32BE()) : null)],
  ['int8', (bytes) => (bytes.length === 8 ? String(bytes.readBigInt64BE()) : null)],
  ['uuid', (bytes) => (bytes.length === 16 ? uuidText(bytes.toString('hex')) : null)],
])

/**
 * A parameter's value as text; null where it can't be told.
 *
 * `binaryType` is the type's name, with or without its schema, or null for the text format.
 */
export function parameterText(bytes: Buffer, binaryType: string | null): string | null {
  if (binaryType === null) return bytes.toString('utf8')
  const unqualified = binaryType.slice(binaryType.lastIndexOf('.') + 1)
  return BINARY.get(unqualified)?.(bytes) ?? null
}

function uuidText(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
