import { expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { Ending } from '../../../src/session/ending.js'

const changed = new GatewayError('LOGIN_CHANGED', {})
const stopping = new GatewayError('SHUTTING_DOWN', {})

test('a session that nobody told to goes on', () => {
  expect([new Ending().due(true), new Ending().due(false)]).toEqual([null, null])
})

test('with its next message, or with its transaction', () => {
  const [urgent, patient] = [new Ending(), new Ending()]
  urgent.order(changed, 'message')
  patient.order(stopping, 'transaction')
  expect([urgent.due(false), urgent.due(true)]).toEqual([changed, changed])
  expect([patient.due(false), patient.due(true)]).toEqual([null, stopping])
})

test('what is urgent stays urgent, and what was not becomes it', () => {
  const ending = new Ending()
  ending.order(stopping, 'transaction')
  ending.order(changed, 'message')
  ending.order(stopping, 'transaction')
  expect(ending.due(false)).toBe(changed)
})
