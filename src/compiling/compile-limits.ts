/** Up to here a text is compiled at once by the thread that serves: at worst that takes some 20 ms. */
export const INLINE_BYTES = 8_192

/** Up to here a text is done within a second whatever it holds, and doesn't wait behind those that take longer. */
export const QUICK_BYTES = 131_072

/** Frames of the deepest tree that the parser bears are a third of it; pages that nobody touches cost nothing. */
export const STACK_MB = 128

/** 100,000 terms of a chain of operators, with room to spare; beyond twice that the parser's own stack ends. */
export const THREAD_MAX_NESTING = 250_000

/** What one token costs in the tree of a text and in that of its scoped form, at worst. */
const BYTES_PER_TOKEN = 800
const MAX_STATEMENT_MEMORY_BYTES = 2 ** 31
/** Of the memory that there is, for one statement. */
const MEMORY_SHARE = 4
const MIN_TOKENS = 100_000
const MEGABYTE = 2 ** 20

/** What a statement may hold, in a process that has so much memory. */
export interface StatementMemory {
  readonly maxTokens: number
  /** Of the thread's heap. Never reached by a text of as many tokens: reaching it could end the process. */
  readonly heapMb: number
}

/** Units: `availableBytes` of the machine, or of the container. */
export function statementMemory(availableBytes: number): StatementMemory {
  const bytes = Math.min(MAX_STATEMENT_MEMORY_BYTES, availableBytes / MEMORY_SHARE)
  const maxTokens = Math.max(MIN_TOKENS, Math.floor(bytes / BYTES_PER_TOKEN))
  return { maxTokens, heapMb: Math.ceil((2 * maxTokens * BYTES_PER_TOKEN) / MEGABYTE) + 256 }
}
