import { createHash } from 'node:crypto'

/**
 * The data of `tls-server-end-point`: the certificate's hash, by the hash of its own signature, SHA-256 for MD5 and SHA-1.
 *
 * `certificate` is DER. Null where the signature has no hash of its own (Ed25519) or an unknown one: no channel binding then.
 *
 * Source   RFC 5929 section 4; RFC 5280 section 4.1; RFC 4055 section 3.1 for RSASSA-PSS
 */
export function serverEndPoint(certificate: Buffer): Buffer | null {
  const hash = signatureHash(certificate)
  return hash === null ? null : createHash(hash).update(certificate).digest()
}

const SEQUENCE = 0x30
const OBJECT_IDENTIFIER = 0x06
/** `[0]` of RSASSA-PSS-params: the hash algorithm. */
const PSS_HASH = 0xa0
const RSASSA_PSS = '2a864886f70d01010a'

/** Content of each OBJECT IDENTIFIER in hexadecimal: signature algorithms, and the hashes that RSASSA-PSS names. */
const HASHES: ReadonlyMap<string, string> = new Map([
  // RSA with MD5, SHA-1, SHA-256, SHA-384, SHA-512, SHA-224
  ['2a864886f70d010104', 'sha256'],
  ['2a864886f70d010105', 'sha256'],
  ['2a864886f70d01010b', 'sha256'],
  ['2a864886f70d01010c', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  ['2a864886f70d01010e', 'sha224'],
  // ECDSA with SHA-1, SHA-224, SHA-256, SHA-384, SHA-512
  ['2a8648ce3d0401', 'sha256'],
  ['2a8648ce3d040301', 'sha224'],
  ['2a8648ce3d040302', 'sha256'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
  // SHA-1, SHA-256, SHA-384, SHA-512, SHA-224
  ['2b0e03021a', 'sha256'],
  ['608648016503040201', 'sha256'],
  ['608648016503040202', 'sha384'],
  ['608648016503040203', 'sha512'],
  ['608648016503040204', 'sha224'],
])

/** Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { OID, parameters }, … } */
function signatureHash(certificate: Buffer): string | null {
  const [whole] = elements(certificate)
  const algorithm = whole?.tag === SEQUENCE ? elements(whole.content)[1] : undefined
  const [identifier, parameters] = algorithm?.tag === SEQUENCE ? elements(algorithm.content) : []
  if (identifier?.tag !== OBJECT_IDENTIFIER) return null
  const name = identifier.content.toString('hex')
  return name === RSASSA_PSS ? pssHash(parameters) : (HASHES.get(name) ?? null)
}

/** SHA-1, thus SHA-256, where the parameters name none. */
function pssHash(parameters: Element | undefined): string | null {
  const fields = parameters?.tag === SEQUENCE ? elements(parameters.content) : []
  const field = fields.find(({ tag }) => tag === PSS_HASH)
  if (field === undefined) return 'sha256'
  const [algorithm] = elements(field.content)
  const [identifier] = algorithm?.tag === SEQUENCE ? elements(algorithm.content) : []
  return identifier === undefined ? null : (HASHES.get(identifier.content.toString('hex')) ?? null)
}

interface Element {
  readonly tag: number
  readonly content: Buffer
}

/** The DER elements that stand side by side; ends where one is cut short. */
function elements(bytes: Buffer): readonly Element[] {
  const found: Element[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const first = bytes.readUInt8(at + 1)
    const lengthBytes = first < 0x80 ? 0 : first - 0x80
    const start = at + 2 + lengthBytes
    if (lengthBytes > 4 || start > bytes.length) break
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes)
    if (start + length > bytes.length) break
    found.push({ tag: bytes.readUInt8(at), content: bytes.subarray(start, start + length) })
    at = start + length
  }
  return found
}
