import { expect, test } from 'vitest'
import { AuthenticationSASL } from '../../../src/wire/messages/authentication-sasl.js'
import { AuthenticationSASLContinue } from '../../../src/wire/messages/authentication-sasl-continue.js'
import { BackendKeyData } from '../../../src/wire/messages/backend-key-data.js'
import { Bind } from '../../../src/wire/messages/bind.js'
import { CommandComplete } from '../../../src/wire/messages/command-complete.js'
import { DataRow } from '../../../src/wire/messages/data-row.js'
import { Describe } from '../../../src/wire/messages/describe.js'
import { ErrorResponse } from '../../../src/wire/messages/error-response.js'
import { Execute } from '../../../src/wire/messages/execute.js'
import { Parse } from '../../../src/wire/messages/parse.js'
import { ReadyForQuery } from '../../../src/wire/messages/ready-for-query.js'
import { RowDescription } from '../../../src/wire/messages/row-description.js'
import { SASLResponse } from '../../../src/wire/messages/sasl-response.js'
import { Sync } from '../../../src/wire/messages/sync.js'
import { trace } from '../../../src/wire/trace.js'

test('a conversation reads as one line per message', () => {
  const client = Buffer.concat([
    Parse.encode({ statement: '', text: Buffer.from('select $1'), parameterTypes: [25] }),
    Bind.encode({
      portal: '',
      statement: '',
      parameterFormats: [],
      parameters: [Buffer.from('ä'), null, Buffer.from([0xff, 0])],
      resultFormats: [1],
    }),
    Describe.encode({ target: 'portal', name: '' }),
    Execute.encode({ portal: '', maxRows: 0 }),
    Sync.bytes,
  ])
  expect(trace('frontend', client)).toEqual([
    '> Parse statement="" text="select $1" parameterTypes=[25]',
    '> Bind portal="" statement="" parameterFormats=[] parameters=["ä" null \\xff00] resultFormats=[1]',
    '> Describe target="portal" name=""',
    '> Execute portal="" maxRows=0',
    '> Sync',
  ])
  const column = {
    name: 'x',
    tableOid: 0,
    columnNumber: 0,
    typeOid: 25,
    typeLength: -1,
    typeModifier: -1,
    format: 0,
  }
  const server = Buffer.concat([
    RowDescription.encode({ columns: [column] }),
    DataRow.encode({ values: [Buffer.from('ä'), null] }),
    CommandComplete.encode({ commandTag: 'SELECT 1' }),
    ErrorResponse.encode({
      fields: new Map([
        ['S', 'ERROR'],
        ['C', '42601'],
      ]),
    }),
    ReadyForQuery.encode({ status: 'E' }),
  ])
  expect(trace('backend', server)).toEqual([
    '< RowDescription columns=[("x" 0 0 25 -1 -1 0)]',
    '< DataRow values=["ä" null]',
    '< CommandComplete commandTag="SELECT 1"',
    '< ErrorResponse fields={S="ERROR" C="42601"}',
    '< ReadyForQuery status="E"',
  ])
})

test('nothing secret or changing is shown', () => {
  expect(trace('frontend', SASLResponse.encode({ data: Buffer.from('p=secret') }))).toEqual([
    '> PasswordMessage *',
  ])
  const greeting = Buffer.concat([
    AuthenticationSASL.encode({ mechanisms: ['SCRAM-SHA-256'] }),
    AuthenticationSASLContinue.encode({ data: Buffer.from('r=nonce') }),
    BackendKeyData.encode({ processId: 7, secret: Buffer.from('abcd') }),
  ])
  expect(trace('backend', greeting)).toEqual([
    '< AuthenticationSASL mechanisms=["SCRAM-SHA-256"]',
    '< AuthenticationSASLContinue data=*',
    '< BackendKeyData processId=* secret=*',
  ])
})

test('what is cut off is counted', () => {
  expect(trace('frontend', Buffer.concat([Sync.bytes, Sync.bytes.subarray(0, 3)]))).toEqual([
    '> Sync',
    '> … 3 bytes',
  ])
})
