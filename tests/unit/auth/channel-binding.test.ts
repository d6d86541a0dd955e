import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { serverEndPoint } from '../../../src/auth/channel-binding.js'
import { type Signing, selfSigned } from '../../support/certificates.js'

const rsa = (name: string, hash: string): Signing => ({
  name,
  hash,
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
})
const ec = (hash: string): Signing => ({ name: 'ECDSA', namedCurve: 'P-256', hash })

describe('the data of tls-server-end-point', () => {
  test.each([
    ['sha256', rsa('RSASSA-PKCS1-v1_5', 'SHA-256')],
    ['sha384', rsa('RSASSA-PKCS1-v1_5', 'SHA-384')],
    ['sha512', rsa('RSASSA-PKCS1-v1_5', 'SHA-512')],
    ['sha256', rsa('RSASSA-PKCS1-v1_5', 'SHA-1')],
    ['sha512', { ...rsa('RSA-PSS', 'SHA-512'), saltLength: 64 } as Signing],
    ['sha256', ec('SHA-1')],
    ['sha256', ec('SHA-256')],
    ['sha384', ec('SHA-384')],
    ['sha512', ec('SHA-512')],
  ])('are the %s of a certificate signed by %o', async (hash, signing) => {
    const { der } = await selfSigned(signing)
    expect(serverEndPoint(der)).toEqual(createHash(hash).update(der).digest())
  })

  test('do not exist for a signature without a hash of its own', async () => {
    expect(serverEndPoint((await selfSigned({ name: 'Ed25519' })).der)).toBeNull()
  })

  test('do not exist for what is no certificate', async () => {
    const { der } = await selfSigned(ec('SHA-256'))
    const cut = [Buffer.alloc(0), Buffer.from('3080', 'hex'), der.subarray(0, 60), Buffer.alloc(99, 0x30)]
    expect(cut.map(serverEndPoint)).toEqual([null, null, null, null])
  })
})
