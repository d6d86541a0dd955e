/**
 * The error field `P` for a byte of a text.
 *
 * Units    1-based characters (code points)
 */
export function characterPosition(text: Buffer, byteOffset: number): number {
  let characters = 1
  for (let i = 0; i < byteOffset && i < text.length; i += 1) {
    if (((text[i] ?? 0) & 0xc0) !== 0x80) characters += 1
  }
  return characters
}

/** The byte at which the character of an error field `P` starts; the text's length where it lies behind the end. */
export function byteOffset(text: Buffer, position: number): number {
  let characters = 0
  for (let i = 0; i < text.length; i += 1) {
    if (((text[i] ?? 0) & 0xc0) === 0x80) continue
    characters += 1
    if (characters === position) return i
  }
  return text.length
}
