import { GatewayError } from '../core/errors.js'
import { settingRefusal } from '../policy/settings.js'
import type { SettingValues } from '../upstream/own-sql.js'
import { AuthenticationOk } from '../wire/messages/authentication-ok.js'
import { BackendKeyData } from '../wire/messages/backend-key-data.js'
import { ParameterStatus } from '../wire/messages/parameter-status.js'
import { ReadyForQuery } from '../wire/messages/ready-for-query.js'
import type { SessionKey } from './registry.js'

export interface Greeting {
  /** What the server reports of its settings. */
  readonly parameters: ReadonlyMap<string, string>
  readonly settings: SettingValues
  readonly login: string
  readonly key: SessionKey
}

/** Settings that every client may be told, whatever its own. */
const HIDDEN: ReadonlySet<string> = new Set(['search_path', 'role'])

/** The messages from AuthenticationOk to the first ReadyForQuery. */
export function greet({ parameters, settings, login, key }: Greeting): Buffer {
  const reported = new Map([...parameters].filter(([name]) => !HIDDEN.has(name)))
  reported.set('is_superuser', 'off')
  reported.set('session_authorization', login)
  reported.set('application_name', settings.get('application_name') ?? '')
  return greetAsReported(reported, key)
}

/** The same messages, with everything that the server reports. */
export function greetAsReported(reported: ReadonlyMap<string, string>, key: SessionKey): Buffer {
  return Buffer.concat([
    AuthenticationOk.encode({}),
    ...[...reported].map(([parameter, value]) => ParameterStatus.encode({ parameter, value })),
    BackendKeyData.encode(key),
    ReadyForQuery.encode({ status: 'I' }),
  ])
}

/**
 * Judges the settings of the startup packet.
 *
 * Throws   STARTUP_PARAMETER
 */
export function acceptSettings(settings: SettingValues): void {
  for (const [parameter, value] of settings) {
    const reason = settingRefusal(parameter, value)
    if (reason !== null) throw new GatewayError('STARTUP_PARAMETER', { parameter, reason })
  }
}
