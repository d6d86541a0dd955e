import { expect, test } from 'vitest'
import { HeldState } from '../../../src/session/held-state.js'
import { Notifications } from '../../../src/session/notifications.js'
import { serverChannel } from '../../../src/sql/channel-name.js'
import type { Effect } from '../../../src/sql/compiled.js'
import { decodeFrame } from '../../../src/wire/codec.js'
import { NotificationResponse } from '../../../src/wire/messages/notification-response.js'

const PROCESS_IDS = { server: 4711, client: 99 }
const listen = (name: string): Effect => ({ kind: 'hold', held: 'channel', name, local: false })
const unlisten = (name: string): Effect => ({ kind: 'let-go', held: 'channel', name })

const notifications = new Notifications()
const held = new HeldState()

/** What the client gets of a notification; null where it gets nothing. */
function heard(channel: string, processId = 1): NotificationResponse | null {
  const bytes = NotificationResponse.encode({ processId, channel, payload: 'p' })
  const listener = { held, tenant: 'acme', processIds: PROCESS_IDS }
  const shown = notifications.translate({ bytes, start: 0, end: bytes.length }, listener)
  return shown === null
    ? null
    : decodeFrame(NotificationResponse, { bytes: shown, start: 0, end: shown.length })
}

test('a client hears the channels that it listens to now, by its own names for them', () => {
  const news = serverChannel('acme', 'news')
  expect(heard(news)).toBe(null)
  held.apply([listen('news'), listen('olds')], 'LISTEN')
  held.ready('I')
  expect(heard(news)).toEqual({ processId: 1, channel: 'news', payload: 'p' })
  expect(heard(serverChannel('acme', 'olds'))?.channel).toBe('olds')
  expect(heard(serverChannel('globex', 'news'))).toBe(null)
  expect(heard('news')).toBe(null)
  held.apply([unlisten('news')], 'UNLISTEN')
  held.ready('I')
  expect(heard(news)).toBe(null)
  expect(heard(serverChannel('acme', 'olds'))?.channel).toBe('olds')
})

test('it knows its own by the process id that it was given', () => {
  held.apply([listen('mine')], 'LISTEN')
  expect(heard(serverChannel('acme', 'mine'), PROCESS_IDS.server)?.processId).toBe(99)
  expect(heard(serverChannel('acme', 'mine'), 12)?.processId).toBe(12)
})
