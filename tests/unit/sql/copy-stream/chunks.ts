import fc from 'fast-check'
import type { CopyIn } from '../../../../src/sql/compiled.js'
import { type CopyFailure, copyStream } from '../../../../src/sql/copy-stream/copy-stream.js'

/** Two columns of the client's and the tenant, as a COPY without options has them. */
export function copyIn(about: Partial<CopyIn> = {}): CopyIn {
  const isCsv = about.format === 'csv'
  const tenant = about.tenant ?? 'append'
  return {
    format: 'text',
    delimiter: isCsv ? ',' : '\t',
    quote: '"',
    escape: about.quote ?? '"',
    nullText: isCsv ? '' : '\\N',
    defaultText: null,
    header: false,
    endMarker: false,
    relation: 'orders',
    column: 'tenant_id',
    type: 'pg_catalog.text',
    tenant,
    fields: 3,
    index: tenant === 'append' ? 2 : 1,
    ...about,
  }
}

export interface Passed {
  readonly bytes: string
  readonly failure: CopyFailure | null
}

/** What becomes of a stream that arrives in these pieces. */
export function pass(copy: CopyIn, chunks: readonly Buffer[], tenant = 'acme'): Passed {
  const stream = copyStream(copy, tenant)
  const forwarded: Buffer[] = []
  for (const chunk of chunks) {
    if (stream.failure === null) forwarded.push(stream.feed(chunk))
  }
  if (stream.failure === null) forwarded.push(stream.end())
  return { bytes: Buffer.concat(forwarded).toString('latin1'), failure: stream.failure }
}

/** A stream in one piece; `bytes` is null where the COPY fails. */
export function passed(copy: CopyIn, text: string | Buffer, tenant = 'acme'): string | CopyFailure {
  const whole = pass(copy, [Buffer.from(text as string)], tenant)
  return whole.failure ?? Buffer.from(whole.bytes, 'latin1').toString('utf8')
}

/** A stream, and places to cut it at. */
export function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index] ?? bytes.length))
}

export const places = fc.array(fc.nat(200), { maxLength: 12 })
