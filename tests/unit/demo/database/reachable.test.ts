import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isReachable } from '../../../../src/demo/database/reachable.js'

const STRANGER = { uid: 4_000_001, gid: 4_000_001 }

let outer: string
let inner: string

beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'tenantgate-test-'))
  inner = join(outer, 'inner')
  mkdirSync(inner, { mode: 0o755 })
})
afterEach(() => rmSync(outer, { recursive: true }))

test('a folder is reachable when it and all above it may be entered by everybody', () => {
  chmodSync(outer, 0o711)
  expect(isReachable(inner, STRANGER)).toBe(true)
})

test('an open folder in a closed one is not reachable', () => {
  chmodSync(outer, 0o700)
  expect(isReachable(inner, STRANGER)).toBe(false)
})

test('a closed folder is reachable for its owner', () => {
  chmodSync(outer, 0o700)
  expect(isReachable(inner, { uid: process.getuid?.() ?? 0, gid: 4_000_001 })).toBe(true)
})
