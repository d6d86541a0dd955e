import type { CopyIn } from '../compiled.js'
import { BinaryCopy } from './binary.js'
import { CsvCopy } from './csv.js'
import { TextCopy } from './text.js'

const NO_ROWS = Buffer.alloc(0)

/**
 * Why a COPY may not be completed.
 *
 * mismatch: a row is another tenant's; malformed: the server won't take the row that was forwarded last, or must not
 */
export type CopyFailure = 'mismatch' | 'malformed'

/**
 * Makes the rows of a COPY … FROM STDIN the tenant's while they pass: supplies the tenant's field, or compares it.
 *
 * Reads as the server reads (src/backend/commands/copyfromparse.c). Where it can't tell what the server would do, or knows
 * that it would fail, it fails; whoever holds the stream then ends the COPY with CopyFail, so that none of its rows stays.
 * Memory is bounded whatever the rows are: only the tenant's field is ever put together.
 */
export interface CopyStream {
  /** What to forward of the stream's next bytes, cut anywhere; nothing follows what made it fail. */
  feed(chunk: Buffer): Buffer
  /** What to forward before the end; it may fail here still. */
  end(): Buffer
  readonly failure: CopyFailure | null
}

/** Rows that are nobody else's, whatever they hold. */
const AS_THEY_ARE: CopyStream = {
  // the chunk's memory is used again
  feed: (chunk) => Buffer.from(chunk),
  end: () => NO_ROWS,
  failure: null,
}

export function copyStream(copy: CopyIn, tenant: string): CopyStream {
  if (copy.tenant === 'none') return AS_THEY_ARE
  switch (copy.format) {
    case 'text':
      return new TextCopy(copy, tenant)
    case 'csv':
      return new CsvCopy(copy, tenant)
    case 'binary':
      return new BinaryCopy(copy, tenant)
  }
}
