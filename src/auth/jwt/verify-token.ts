import { errors, type JWTPayload, jwtVerify } from 'jose'
import { grantOf, type TokenGrant } from './token-grant.js'
import type { TokenRules } from './token-rules.js'

/**
 * Why a token is refused: no signature of the issuer's, past its end, or not meant for this gateway or for any login.
 *
 * One of few words, and for the audit only: everything else that could be said would quote what the bearer sent.
 */
export type TokenFault = 'invalid_token' | 'expired_token' | 'unfit_token'

export type TokenVerdict = TokenGrant | TokenFault

/** Several times what issuers make of long lists of groups. */
export const MAX_TOKEN_BYTES = 16_384

/**
 * Judges a JSON Web Token; it is a grant only if everything about it is right.
 *
 * The claims are looked at when the signature has been. What isn't a verdict of the verification itself, such as a bug, is thrown on.
 *
 * Source   RFC 7519, section 7.2; RFC 8725, sections 3.1 to 3.10
 */
export async function verifyToken(token: string, rules: TokenRules, nowMs: number): Promise<TokenVerdict> {
  if (token.length > MAX_TOKEN_BYTES) return 'invalid_token'
  try {
    const { payload } = await jwtVerify(token, rules.keys, {
      issuer: rules.issuer,
      audience: rules.audience,
      algorithms: [...rules.algorithms],
      clockTolerance: rules.clockToleranceSeconds,
      currentDate: new Date(nowMs),
      requiredClaims: ['exp'],
    })
    return isFromFuture(payload, rules, nowMs)
      ? 'unfit_token'
      : (grantOf(payload, rules.claims) ?? 'unfit_token')
  } catch (error) {
    return faultOf(error)
  }
}

function isFromFuture({ iat }: JWTPayload, { clockToleranceSeconds }: TokenRules, nowMs: number): boolean {
  return iat !== undefined && iat > nowMs / 1000 + clockToleranceSeconds
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return 'expired_token'
  if (error instanceof errors.JWTClaimValidationFailed) return 'unfit_token'
  if (error instanceof errors.JOSEError) return 'invalid_token'
  throw error
}
