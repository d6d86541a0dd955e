import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFrame } from '../../../src/wire/codec.js'
import { type Frame, frameOf } from '../../../src/wire/frame.js'
import { Bind } from '../../../src/wire/messages/bind.js'
import { Close } from '../../../src/wire/messages/close.js'
import { Describe } from '../../../src/wire/messages/describe.js'
import { Execute } from '../../../src/wire/messages/execute.js'
import { Parse } from '../../../src/wire/messages/parse.js'
import {
  bindStatement,
  renameBind,
  renameExecute,
  renameParse,
  renameTarget,
} from '../../../src/wire/rename.js'

const name = fc.string({ unit: 'grapheme', maxLength: 20 })

/** The frame in the middle of other bytes, as it lies in a chunk. */
function inChunk(frame: Buffer): Frame {
  const bytes = Buffer.concat([Buffer.alloc(3, 'x'), frame, Buffer.alloc(3, 'y')])
  return { bytes, start: 3, end: 3 + frame.length }
}

test('renaming changes the name and nothing else', () => {
  fc.assert(
    fc.property(name, name, (old, renamed) => {
      const bind: Bind = {
        portal: 'portäl',
        statement: old,
        parameterFormats: [1],
        parameters: [Buffer.from([0, 1, 2]), null],
        resultFormats: [0, 1],
      }
      const parse: Parse = { statement: old, text: Buffer.from('select 1'), parameterTypes: [23] }
      expect(decodeFrame(Bind, frameOf(renameBind(inChunk(Bind.encode(bind)), renamed)))).toEqual({
        ...bind,
        statement: renamed,
      })
      expect(bindStatement(inChunk(Bind.encode(bind)))).toBe(old)
      expect(renameParse(inChunk(Parse.encode(parse)), renamed)).toEqual(
        Parse.encode({ ...parse, statement: renamed }),
      )
      expect(renameExecute(inChunk(Execute.encode({ portal: old, maxRows: 7 })), renamed)).toEqual(
        Execute.encode({ portal: renamed, maxRows: 7 }),
      )
      for (const codec of [Describe, Close])
        expect(renameTarget(inChunk(codec.encode({ target: 'statement', name: old })), renamed)).toEqual(
          codec.encode({ target: 'statement', name: renamed }),
        )
    }),
    { numRuns: 100 },
  )
})

test('a frame without its names is refused', () => {
  const frame = Buffer.from('42000000086162ff00', 'hex')
  expect(() => renameBind(frameOf(frame), 's')).toThrow('a string is not terminated')
})

test('a terminator behind the frame does not count', () => {
  const frame = Buffer.from('42000000066162', 'hex')
  expect(() => renameBind(inChunk(frame), 's')).toThrow('a string is not terminated')
})

test('a name with a NUL is never written', () => {
  const frame = Execute.encode({ portal: '', maxRows: 0 })
  expect(() => renameExecute(frameOf(frame), 'a\0b')).toThrow('invariant')
})
