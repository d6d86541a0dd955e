import { expect, test } from 'vitest'
import { UnnamedPortal } from '../../../src/session/unnamed-portal.js'

test('a portal that was never bound is nobody’s', () => {
  const portal = new UnnamedPortal()
  expect(portal.isBound(1)).toBe(false)
  expect(portal.isExpected).toBe(false)
})

test('behind its Bind it may be named in the same cycle, and later once that has succeeded', () => {
  const portal = new UnnamedPortal()
  const after = portal.binding(1)
  expect(portal.isBound(1)).toBe(true)
  expect(portal.isBound(2)).toBe(false)
  expect(portal.isExpected).toBe(true)
  portal.bound(after)
  expect(portal.isBound(2)).toBe(true)
  expect(portal.isExpected).toBe(false)
})

test('a simple query takes it away, also from a Bind whose answer comes later', () => {
  const portal = new UnnamedPortal()
  const after = portal.binding(1)
  portal.querying()
  portal.bound(after)
  expect(portal.isBound(1)).toBe(false)
  expect(portal.isBound(2)).toBe(false)
  expect(portal.isExpected).toBe(false)
})
