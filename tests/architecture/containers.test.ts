import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseConfiguration } from '../../src/config/parse.js'
import { ROOT } from './source-files.js'

interface ComposeFile {
  readonly services: Record<
    string,
    { readonly ports?: readonly string[]; readonly environment?: Record<string, string> }
  >
  readonly configs: Record<string, { readonly content: string }>
}

const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as ComposeFile
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
const gateway = parseConfiguration({
  file: 'docker-compose.yml',
  text: (compose.configs.tenantgate?.content ?? '').replaceAll('$$', '$'),
  variables: { POSTGRES_PASSWORD: 'a', TENANTGATE_UPSTREAM_PASSWORD: 'b' },
})

describe('docker-compose.yml', () => {
  test('holds a configuration that the gateway accepts', () => {
    expect(gateway.upstream.url).toContain('tenantgate_app:b@postgres:5432/app')
  })

  test('publishes the gateway on the port it listens on, and nothing else', () => {
    const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port}`),
    )
    expect(published).toEqual([`gateway 127.0.0.1:${gateway.listen.port}:${gateway.listen.port}`])
  })
})

describe('the Dockerfile', () => {
  test('copies only what exists and what the build context holds', () => {
    const wanted = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    )
    const context = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.filter((path) => !existsSync(join(ROOT, path)) || !context.includes(`!${path}`))).toEqual(
      [],
    )
  })

  test('asks for health where the admin server listens, and runs as nobody special', () => {
    expect(dockerfile).toContain(`http://127.0.0.1:${gateway.admin.port}/healthz`)
    expect(dockerfile).toMatch(/^USER node$/m)
  })
})
