import type { Logger } from 'pino'
import type { Configuration } from '../config/schema.js'
import { SystemClock } from '../core/clock.js'
import { openTokenLogins, type TokenLogins } from '../session/token-logins.js'

/** Logins by token; null where the configuration has none. Rejects with ConfigurationError. */
export function openTokens({ auth }: Configuration, logger: Logger): Promise<TokenLogins | null> {
  return openTokenLogins(auth.jwt, {
    clock: SystemClock,
    onProblem: (err) => logger.error({ err }, 'the keys for tokens could not be read; the old ones stay'),
  })
}
