import { expect, test } from 'vitest'
import { packError, unpackError } from '../../../src/compiling/error-transfer.js'
import { GatewayError } from '../../../src/core/errors.js'

const over = (error: unknown): Error => unpackError(structuredClone(packError(error)))

test.each([
  new GatewayError(
    'RELATION_DENIED',
    { relation: 'secrets' },
    { position: 15, hint: 'do that', detail: 'why' },
  ),
  new GatewayError('SYNTAX_ERROR', { message: 'syntax error at or near "x"' }, { position: 1 }),
  new GatewayError('STATEMENT_TOO_COMPLEX', {}),
])('$code keeps all its faces', (error) => {
  const { code, params, sqlstate, severity, message, detail, hint, position } = error
  const faces = { code, params, sqlstate, severity, message, detail, hint, position }
  expect(over(error)).toBeInstanceOf(GatewayError)
  expect(over(error)).toMatchObject(faces)
})

test('a cause stays as words', () => {
  const error = new GatewayError('STATEMENT_TOO_COMPLEX', {}, { cause: new RangeError('too deep') })
  expect(over(error).cause).toBe('RangeError: too deep')
})

test('a bug stays one, and tells where it happened', () => {
  const error = over(new TypeError('x is not a function'))
  expect(error).not.toBeInstanceOf(GatewayError)
  expect(error.message).toMatch(/TypeError: x is not a function\n.*error-transfer\.test/)
})
