import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findProgram } from '../../../src/bench/find-program.js'

const folder = mkdtempSync(join(tmpdir(), 'tenantgate-programs-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('finds what may be run, first come first found', () => {
  const program = join(folder, 'measure-nothing')
  writeFileSync(program, '')
  expect(findProgram('measure-nothing', `/nowhere:${folder}`)).toBeUndefined()
  chmodSync(program, 0o755)
  expect(findProgram('measure-nothing', `/nowhere:${folder}`)).toBe(program)
  expect(findProgram('measure-nothing', '')).toBeUndefined()
})
