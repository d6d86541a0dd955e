import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseConfiguration } from '../../src/config/parse.js'
import { configurationExample } from './configuration-example.js'
import { configurationKeys } from './configuration-keys.js'
import { configurationPage } from './configuration-page.js'

const EXAMPLE = '../../config/tenantgate.example.yaml'
const example = () => readFile(new URL(EXAMPLE, import.meta.url), 'utf8')

test('docs/configuration.md says what the schema says', async () => {
  await expect(configurationPage(configurationKeys())).toMatchFileSnapshot('../../docs/configuration.md')
})

test('the example file shows what the schema says', async () => {
  await expect(configurationExample(configurationKeys())).toMatchFileSnapshot(EXAMPLE)
})

test('every key has a description', () => {
  expect(configurationKeys().filter(({ description }) => description === '')).toEqual([])
})

test('the example file is a valid configuration that says nothing but the defaults', async () => {
  const text = await example()
  const variables = { TENANTGATE_UPSTREAM_PASSWORD: 'secret' }
  const whole = parseConfiguration({ file: 'example', text, variables })
  const bare = parseConfiguration({
    file: 'bare',
    text: JSON.stringify({ upstream: { url: whole.upstream.url, operatorUrl: whole.upstream.operatorUrl } }),
    variables: {},
  })
  expect(whole).toEqual(bare)
})

test('the examples in the comments are valid too', async () => {
  const text = await example()
  const urls = parse(text).upstream
  const commented = configurationKeys().filter(
    ({ example, isRequired }) => example !== undefined && !isRequired,
  )
  for (const { path, example } of commented) {
    const nested = path.reduceRight<unknown>((value, name) => ({ [name]: value }), example)
    const configuration = JSON.stringify({
      upstream: { url: 'postgres://a/b', operatorUrl: urls.operatorUrl },
      ...(nested as object),
    })
    expect(() =>
      parseConfiguration({ file: path.join('.'), text: configuration, variables: {} }),
    ).not.toThrow()
  }
})
