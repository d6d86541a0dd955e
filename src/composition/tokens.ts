import type { Logger } from 'pino'
import type { Configuration } from '../config/schema.js'
import { SystemClock } from '../core/clock.js'
import { LoginName } from '../core/ids.js'
import { openTokenLogins, type TokenLogins } from '../session/token-logins.js'
import type { TenantCatalog } from '../tenants/catalog.js'

/** Logins by token; null where the configuration has none. Rejects with ConfigurationError. */
export async function openTokens(
  { auth }: Configuration,
  { logins }: TenantCatalog,
  logger: Logger,
): Promise<TokenLogins | null> {
  const tokens = await openTokenLogins(auth.jwt, {
    clock: SystemClock,
    onProblem: (err) => logger.error({ err }, 'the keys for tokens could not be read; the old ones stay'),
  })
  if (tokens !== null && logins.has(LoginName.of(tokens.user)))
    logger.warn(
      { login: tokens.user },
      'this login has the name that says that a token follows: it is out of use',
    )
  return tokens
}
