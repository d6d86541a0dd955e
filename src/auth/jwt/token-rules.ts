import type { JWTVerifyGetKey } from 'jose'

/** Signatures that a holder of public keys can check and nobody but the issuer can make; no shared secrets, no `none`. */
export const TOKEN_ALGORITHMS = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
] as const

export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number]

/** What a token has to be to stand for a login. */
export interface TokenRules {
  /** Gives the public key that a token's header names; may ask for new ones. */
  readonly keys: JWTVerifyGetKey
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly TokenAlgorithm[]
  readonly claims: TokenClaimNames
  /** How far the issuer's clock and ours may differ: for the beginning of a token as for its end. */
  readonly clockToleranceSeconds: number
}

/** Names of claims, each at the token's top level. */
export interface TokenClaimNames {
  /** What its bearer is called. */
  readonly subject: string
  /** One tenant's id. */
  readonly tenant: string
  /** A list of them, for analysts. */
  readonly tenants: string
  readonly kind: string
}
