import { readFile } from 'node:fs/promises'
import { RotatingKeys } from '../auth/jwt/rotating-keys.js'
import type { TokenRules } from '../auth/jwt/token-rules.js'
import { ConfigurationError } from '../config/configuration-error.js'
import { isUrl } from '../config/key-source.js'
import type { Configuration } from '../config/schema.js'
import type { Clock } from '../core/clock.js'
import { fetchText } from '../net/fetch-text.js'

/** Who may log in by a token instead of a password. */
export interface TokenLogins {
  /** The user name that says so: with every other name, a login of the catalog is meant. */
  readonly user: string
  readonly rules: TokenRules
}

export interface TokenLoginsOptions {
  readonly clock: Clock
  /** Told of each reading of keys that failed; the keys that were there stay. */
  readonly onProblem: (problem: unknown) => void
}

const FETCH = { maxBytes: 262_144, timeoutMs: 5_000 } as const
/** For keys behind a URL: what a token may cause at most, and how long a withdrawn key may be in force. */
const REMOTE = { cooldownMs: 10_000, maxAgeMs: 300_000 } as const
/** A file is read for each login, so that it is never out of date. */
const LOCAL = { cooldownMs: 0, maxAgeMs: 0 } as const

/**
 * Null where the configuration says nothing of tokens.
 *
 * A file has to be there from the start. An issuer that can't be reached at that moment keeps nobody else out, and is asked
 * again when a token comes.
 *
 * Throws   ConfigurationError
 */
export async function openTokenLogins(
  jwt: Configuration['auth']['jwt'],
  { clock, onProblem }: TokenLoginsOptions,
): Promise<TokenLogins | null> {
  const { jwks, issuer, audience, user, algorithms, claims, clockToleranceSeconds } = jwt
  if (jwks === null || issuer === null || audience === null) return null
  const keys = isUrl(jwks)
    ? remoteKeys(jwks, { clock, onProblem })
    : await localKeys(jwks, { clock, onProblem })
  return { user, rules: { keys: keys.find, issuer, audience, algorithms, claims, clockToleranceSeconds } }
}

function remoteKeys(url: string, options: TokenLoginsOptions): RotatingKeys {
  const keys = new RotatingKeys({ read: () => fetchText(url, FETCH), ...options, ...REMOTE })
  void keys.refresh()
  return keys
}

async function localKeys(file: string, options: TokenLoginsOptions): Promise<RotatingKeys> {
  const keys = new RotatingKeys({ read: () => readFile(file, 'utf8'), ...options, ...LOCAL })
  await keys.load().catch((error: Error) => {
    throw new ConfigurationError(file, [{ path: 'auth.jwt.jwks', message: error.message, line: null }])
  })
  return keys
}
