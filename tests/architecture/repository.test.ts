import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from './source-files.js'

const tracked = spawnSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  .stdout.split('\0')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)))
const pages = tracked.filter((path) => path.endsWith('.md'))
const manifest = JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> }

describe('the repository', () => {
  test('documents only npm scripts that exist', () => {
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm (?:run ([\w:]+)|(test|start)\b)/g)].map((match) => ({
        page,
        script: match[1] ?? match[2] ?? '',
      })),
    )
    expect(named.filter(({ script }) => !(script in manifest.scripts))).toEqual([])
  })

  test('links only to files that exist', () => {
    const links = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => ({
        page,
        to: match[1] ?? '',
      })),
    )
    expect(links.filter(({ page, to }) => !existsSync(join(ROOT, dirname(page), to)))).toEqual([])
  })

  test('locks versions without naming the registry of whoever locked them', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"')
  })

  test('names no folder of somebody’s machine', () => {
    const personal = /(?<![\w.])\/(?:work|farm|root|home\/\w+|Users\/\w+)\//
    const texts = tracked.filter((path) => !/\.(png|ico|woff2?)$/.test(path))
    expect(texts.filter((path) => personal.test(read(path)))).toEqual([])
  })

  test('tracks nothing that is built or installed', () => {
    expect(tracked.filter((path) => /^(dist|node_modules|\.tenantgate|coverage)\//.test(path))).toEqual([])
  })
})

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
