import { expect, test } from 'vitest'
import { type Sender, UnfinishedMessages } from '../../../src/session/unfinished-messages.js'

function stage(maxBytes: number) {
  const unfinished = new UnfinishedMessages(maxBytes)
  const gone: string[] = []
  const sender = (name: string): Sender => ({ giveUp: () => void gone.push(name) })
  return { unfinished, gone, sender }
}

test('whoever has most goes, until there is room', () => {
  const { unfinished, gone, sender } = stage(1_000_000)
  const [small, middle, large] = [sender('small'), sender('middle'), sender('large')]
  unfinished.note(large, 500_000)
  unfinished.note(middle, 400_000)
  unfinished.note(small, 100_000)
  expect(gone).toEqual([])
  unfinished.note(small, 100_001)
  expect(gone).toEqual(['large'])
  unfinished.note(small, 600_001)
  expect(gone).toEqual(['large', 'small'])
})

test('what is over counts no more, and what is small never', () => {
  const { unfinished, gone, sender } = stage(1_000_000)
  const one = sender('one')
  for (let i = 0; i < 10; i += 1) {
    unfinished.note(one, 900_000)
    unfinished.note(one, 0)
  }
  for (let i = 0; i < 1_000; i += 1) unfinished.note(sender('another'), 60_000)
  unfinished.note(one, 1_000_000)
  expect(gone).toEqual([])
})
