import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A certificate and its key as PEM, and the certificate as DER. */
export interface TestCertificate {
  readonly certificate: Buffer
  readonly key: Buffer
  readonly der: Buffer
}

const DAY_MS = 86_400_000
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** How a certificate is signed: the keys' algorithm with the signature's hash. */
export type Signing =
  | (webcrypto.EcKeyGenParams & { hash: string })
  | (webcrypto.RsaHashedKeyGenParams & { saltLength?: number })
  | { name: 'Ed25519' }

/** An authority of a test's own. */
export class TestCa {
  readonly certificate: Buffer
  readonly #name: string
  readonly #keys: webcrypto.CryptoKeyPair

  private constructor(name: string, keys: webcrypto.CryptoKeyPair, certificate: Buffer) {
    this.#name = name
    this.#keys = keys
    this.certificate = certificate
  }

  static async create(name: string): Promise<TestCa> {
    const keys = await generateKeys(ECDSA)
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ECDSA,
      ...validity(),
      extensions: [new x509.BasicConstraintsExtension(true)],
    })
    return new TestCa(name, keys, Buffer.from(root.toString('pem')))
  }

  /** For 127.0.0.1 and localhost. */
  server(): Promise<TestCertificate> {
    return this.#issue('localhost', x509.ExtendedKeyUsage.serverAuth, [
      new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
      ]),
    ])
  }

  client(commonName: string): Promise<TestCertificate> {
    return this.#issue(commonName, x509.ExtendedKeyUsage.clientAuth, [])
  }

  async #issue(commonName: string, usage: x509.ExtendedKeyUsage, extensions: readonly x509.Extension[]) {
    const keys = await generateKeys(ECDSA)
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${commonName}`,
      issuer: `CN=${this.#name}`,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ECDSA,
      ...validity(),
      extensions: [new x509.ExtendedKeyUsageExtension([usage]), ...extensions],
    })
    return asPem(certificate, keys)
  }
}

/** A certificate that signs itself, by any algorithm. */
export async function selfSigned(signing: Signing): Promise<TestCertificate> {
  const keys = await generateKeys(signing)
  const options = { name: 'CN=self', keys, signingAlgorithm: signing, ...validity() }
  return asPem(await x509.X509CertificateGenerator.createSelfSigned(options), keys)
}

function validity() {
  return { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) }
}

async function generateKeys(algorithm: Signing): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
}

async function asPem(
  certificate: x509.X509Certificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<TestCertificate> {
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    certificate: Buffer.from(certificate.toString('pem')),
    key: Buffer.from(x509.PemConverter.encode(key, 'PRIVATE KEY')),
    der: Buffer.from(certificate.rawData),
  }
}
