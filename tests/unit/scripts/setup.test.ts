import { expect, test } from 'vitest'
import { run } from '../../support/run.js'

test('is silent when everything is in place', async () => {
  expect(await run(process.execPath, ['scripts/setup.mjs'])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test.each(['18.20.0', '20.18.3'])('refuses Node %s with the version that is needed', async (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '${version}' })`
  const { code, stderr } = await run(process.execPath, ['--import', pretend, 'scripts/setup.mjs'])
  expect(code).toBe(1)
  expect(stderr).toContain(`Node 20.19 or newer is needed; this is ${version}`)
})
