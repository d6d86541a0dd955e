/**
 * The pieces of a psql script that must not be taken apart: strings, quoted names, dollar quotes, comments, words,
 * variables, backslash commands. Anything else is one character.
 */
const PIECES: readonly RegExp[] = [
  /--[^\n]*/y,
  /[eE]'(?:[^'\\]|''|\\[\s\S])*'/y,
  /'(?:[^']|'')*'/y,
  /"(?:[^"]|"")*"/y,
  /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$/y,
  /::/y,
  /:=/y,
  /:'\w+'|:"\w+"|:\w+/y,
  /\\;|\\[A-Za-z?!]+|\\./y,
  /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y,
  /\d[\w.]*/y,
  /\s+/y,
]

/** The piece of `text` at `at`, which lies within it. */
export function lexeme(text: string, at: number): string {
  if (text.startsWith('/*', at)) return comment(text, at)
  for (const piece of PIECES) {
    piece.lastIndex = at
    const match = piece.exec(text)
    if (match !== null && match[0] !== '') return match[0]
  }
  return text[at] ?? ''
}

/** Comments nest. */
function comment(text: string, at: number): string {
  let depth = 0
  for (let i = at; i < text.length; i += 1) {
    if (text.startsWith('/*', i)) {
      depth += 1
      i += 1
    } else if (text.startsWith('*/', i)) {
      depth -= 1
      i += 1
      if (depth === 0) return text.slice(at, i + 1)
    }
  }
  return text.slice(at)
}
