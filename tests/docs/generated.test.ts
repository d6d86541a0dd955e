import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ERRORS } from '../../src/core/errors.js'
import { METRICS } from '../../src/metrics/table.js'
import { ADVICE } from './error-advice.js'
import { errorsPage } from './errors-page.js'
import { metricsPage } from './metrics-page.js'

test('docs/metrics.md says what the table of metrics says', async () => {
  await expect(metricsPage(METRICS)).toMatchFileSnapshot('../../docs/metrics.md')
})

test('docs/errors.md says what the table of errors says', async () => {
  await expect(errorsPage(ERRORS, ADVICE)).toMatchFileSnapshot('../../docs/errors.md')
})

test('every code has its section and every section its code', async () => {
  const page = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const sections = [...page.matchAll(/^## (\w+)$/gm)].map((match) => match[1])
  expect(sections).toEqual(Object.keys(ERRORS))
})
