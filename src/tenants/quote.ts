/** An identifier between double quotes, always. */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0') || name === '') throw new RangeError('not an identifier')
  return `"${name.replaceAll('"', '""')}"`
}

/** A string constant that means the same whatever standard_conforming_strings is. */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new RangeError('not a string constant')
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`
  return text.includes('\\') ? ` E${quoted}` : quoted
}
