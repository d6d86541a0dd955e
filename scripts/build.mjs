/**
 * Builds src into dist: compiles, copies what isn't TypeScript, makes the command executable.
 *
 * The new tree is made beside the old one and takes its place at the end, so that a failed build leaves the last
 * good one and a running command never sees half of one.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesBelow, sourceFingerprint } from './fingerprint.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(root, 'src')
const target = join(root, 'dist')
const fresh = join(root, `dist.new-${process.pid}`)
const stale = join(root, `dist.old-${process.pid}`)

const fingerprint = sourceFingerprint(root)
try {
  compile()
  copyAssets()
  const command = join(fresh, 'cli', 'main.js')
  if (existsSync(command)) chmodSync(command, 0o755)
  writeFileSync(join(fresh, '.fingerprint'), fingerprint)
  if (existsSync(target)) renameSync(target, stale)
  renameSync(fresh, target)
} finally {
  for (const folder of [fresh, stale]) rmSync(folder, { recursive: true, force: true })
}

function compile() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    process.exit(status ?? 1)
  }
}

function copyAssets() {
  for (const path of filesBelow(source).filter((name) => !/\.tsx?$/.test(name))) {
    mkdirSync(dirname(join(fresh, path)), { recursive: true })
    copyFileSync(join(source, path), join(fresh, path))
  }
}
