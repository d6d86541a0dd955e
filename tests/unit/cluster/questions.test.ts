import { expect, test } from 'vitest'
import { Questions } from '../../../src/cluster/questions.js'

test('answers find their questions, whatever the order', async () => {
  const questions = new Questions<string>()
  const ids: number[] = []
  const answers = ['a', 'b'].map(() => questions.ask((id) => ids.push(id)))
  questions.answer(ids[1] ?? 0, 'second')
  questions.answer(ids[1] ?? 0, 'again')
  questions.answer(99, 'nobody asked')
  questions.answerAll('the rest')
  expect(await Promise.all(answers)).toEqual(['the rest', 'second'])
})
