import { expect, test } from 'vitest'
import { serverChannel } from '../../../src/sql/channel-name.js'

test('a channel of the server is an identifier that needs no quotes, and none of the gateway’s own', () => {
  for (const name of ['news', 'Größe', 'x'.repeat(63), '"', "'", '']) {
    expect(serverChannel('acme', name)).toMatch(/^tg_[0-9a-f]{40}$/)
  }
})

test('no two tenants and no two names have one in common', () => {
  const names = ['acme', 'acm', 'a', 'ACME'].flatMap((tenant) =>
    ['news', 'e/news', 'News', ''].map((name) => serverChannel(tenant, name)),
  )
  expect(new Set(names).size).toBe(16)
})

test('stays as it is: triggers compute the same', () => {
  expect(serverChannel('acme', 'hé')).toBe('tg_1b0638616be7f1e73ca1559dfe35cf1cbf256ff0')
})
