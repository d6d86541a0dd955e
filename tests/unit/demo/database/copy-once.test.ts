import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyOnce } from '../../../../src/demo/database/copy-once.js'

let source: string
let copy: string

beforeEach(() => {
  source = mkdtempSync(join(tmpdir(), 'tenantgate-test-'))
  mkdirSync(join(source, 'bin'))
  writeFileSync(join(source, 'bin', 'one'), '1')
  writeFileSync(join(source, 'two'), '2')
  copy = `${source}-copy`
})
afterEach(() => {
  for (const folder of [source, copy]) rmSync(folder, { recursive: true, force: true })
})

test('copies on first use only', () => {
  expect(copyOnce(source, basename(copy))).toBe(copy)
  writeFileSync(join(source, 'two'), 'changed')
  copyOnce(source, basename(copy))
  expect(readFileSync(join(copy, 'two'), 'utf8')).toBe('2')
})

test('makes a copy anew that has lost files', () => {
  copyOnce(source, basename(copy))
  rmSync(join(copy, 'bin', 'one'))
  copyOnce(source, basename(copy))
  expect(readFileSync(join(copy, 'bin', 'one'), 'utf8')).toBe('1')
})

test('does not trust a copy that others can write', () => {
  copyOnce(source, basename(copy))
  chmodSync(copy, 0o777)
  expect(() => copyOnce(source, basename(copy))).toThrow('writable for others')
})
