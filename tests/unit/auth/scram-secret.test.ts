import { describe, expect, test } from 'vitest'
import { ScramSecret } from '../../../src/auth/scram-secret.js'

// password and salt of the example in RFC 7677
const SALT = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
const TEXT =
  'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='

describe('ScramSecret', () => {
  test('makes what PostgreSQL makes of the same password and salt', () => {
    expect(ScramSecret.format(ScramSecret.create('pencil', { salt: SALT }))).toBe(TEXT)
  })

  test('reads what it writes', () => {
    const secret = ScramSecret.create('secret', { iterations: 5 })
    expect(ScramSecret.parse(ScramSecret.format(secret))).toEqual(secret)
  })

  test('salts anew each time', () => {
    const secrets = [
      ScramSecret.create('same', { iterations: 1 }),
      ScramSecret.create('same', { iterations: 1 }),
    ]
    expect(secrets[0]?.storedKey).not.toEqual(secrets[1]?.storedKey)
  })

  test.each([
    ['an MD5 verifier', 'md5d3b07384d113edec49eaa6238ad5ff00'],
    ['a password', 'pencil'],
    ['nothing', ''],
    ['no iterations', TEXT.replace('4096', '0')],
    ['too many iterations', TEXT.replace('4096', '4294967296')],
    ['a short key', TEXT.replace('=:', ':')],
    ['a key that is missing', TEXT.slice(0, TEXT.lastIndexOf(':'))],
    ['another hash', TEXT.replace('256', '512')],
    ['a line more', `${TEXT}\n`],
  ])('does not take %s for a secret', (_, text) => {
    expect(ScramSecret.parse(text)).toBeNull()
  })

  test('the mock of a name stays the same, and differs by name and by key', () => {
    const key = Buffer.from('key')
    expect(ScramSecret.mock(key, 'a')).toEqual(ScramSecret.mock(key, 'a'))
    expect(ScramSecret.mock(key, 'a').salt).not.toEqual(ScramSecret.mock(key, 'b').salt)
    expect(ScramSecret.mock(key, 'a').salt).not.toEqual(ScramSecret.mock(Buffer.from('other'), 'a').salt)
  })

  test('a mock looks like a real secret', () => {
    const { iterations, salt, storedKey, serverKey } = ScramSecret.mock(Buffer.from('key'), 'a')
    const real = ScramSecret.create('x')
    expect([iterations, salt.length]).toEqual([real.iterations, real.salt.length])
    expect([storedKey.length, serverKey.length]).toEqual([real.storedKey.length, real.serverKey.length])
  })
})
