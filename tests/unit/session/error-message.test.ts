import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { IncidentId, TenantId } from '../../../src/core/ids.js'
import { encodeError, relayedError, relayedNotice } from '../../../src/session/error-message.js'
import type { CompiledText } from '../../../src/sql/compiled.js'
import { decodeFrame } from '../../../src/wire/codec.js'
import { frameOf } from '../../../src/wire/frame.js'
import { ErrorResponse } from '../../../src/wire/messages/error-response.js'
import { NoticeResponse } from '../../../src/wire/messages/notice-response.js'

const fieldsOf = (bytes: Buffer) => Object.fromEntries(decodeFrame(ErrorResponse, frameOf(bytes)).fields)

/** A text whose scoped form has ten characters in front. */
const text = { originalPosition: (_: unknown, position: number) => position - 10 } as unknown as CompiledText
const context = { tenants: [TenantId.of('acme')], text, statement: 'mine' }

function relayed(fields: Record<string, string>, about: Partial<typeof context> = {}) {
  const frame = frameOf(ErrorResponse.encode({ fields: new Map(Object.entries(fields)) }))
  return fieldsOf(relayedError(frame, { ...context, ...about }))
}

describe('an error of the server', () => {
  test('keeps what is about the client’s own statement', () => {
    const fields = {
      S: 'ERROR',
      V: 'ERROR',
      C: '23505',
      M: 'no',
      D: 'd',
      H: 'h',
      s: 'public',
      t: 't',
      c: 'c',
      n: 'n',
    }
    expect(relayed(fields)).toEqual(fields)
  })

  test('loses what is about the server’s inside', () => {
    expect(relayed({ S: 'ERROR', W: 'where', p: '1', q: 'query', F: 'f.c', L: '1', R: 'routine' })).toEqual({
      S: 'ERROR',
    })
  })

  test('doesn’t show the row that an exclusion constraint found in the way', () => {
    const fields = { C: '23P01', M: 'conflicting key value violates exclusion constraint "x"' }
    expect(
      relayed({ ...fields, D: 'Key (during)=([1,3)) conflicts with existing key (during)=([2,4)).' }),
    ).toEqual(fields)
  })

  test('points into the client’s text, or nowhere', () => {
    expect(relayed({ P: '15' })).toEqual({ P: '5' })
    expect(relayed({ P: '15' }, { text: null as unknown as CompiledText })).toEqual({})
    expect(relayed({ P: 'x' })).toEqual({})
  })

  test('calls a prepared statement what the client calls it', () => {
    const name = `tg_${'a'.repeat(24)}`
    expect(relayed({ M: `prepared statement "${name}" requires 1` })).toEqual({
      M: 'prepared statement "mine" requires 1',
    })
  })

  test('has none of the names that the gateway made', () => {
    expect(relayed({ M: 'table name "_tg1" specified more than once', H: 'see _tg12.' })).toEqual({
      M: 'table name the tenant specified more than once',
      H: 'see the tenant.',
    })
  })
})

test('a notice is treated like an error', () => {
  const frame = frameOf(
    NoticeResponse.encode({
      fields: new Map([
        ['M', 'hear'],
        ['W', 'where'],
        ['P', '11'],
      ]),
    }),
  )
  const { fields } = decodeFrame(NoticeResponse, frameOf(relayedNotice(frame, context)))
  expect(Object.fromEntries(fields)).toEqual({ M: 'hear', P: '1' })
})

describe('an error of the gateway', () => {
  test('has the form of the server’s', () => {
    const error = new GatewayError(
      'RELATION_DENIED',
      { relation: 'secrets' },
      { position: 15, hint: 'h', detail: 'd', cause: 'never shown' },
    )
    expect(fieldsOf(encodeError(error))).toEqual({
      S: 'ERROR',
      V: 'ERROR',
      C: '42501',
      M: 'relation "secrets" is not available to this login',
      D: 'd',
      H: 'h',
      P: '15',
    })
  })

  test('ends with its incident, once there is one', () => {
    const error = new GatewayError('INTERNAL', {})
    error.incident = IncidentId.create()
    expect(fieldsOf(encodeError(error)).M).toBe(`internal error (incident ${error.incident})`)
  })
})
