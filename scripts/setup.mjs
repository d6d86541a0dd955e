/**
 * Makes a checkout ready to run: installs when node_modules is missing or doesn't match the lock file, and with
 * `--build` compiles when dist doesn't match src. Silent when there is nothing to do.
 *
 * It runs before anything is installed, so it imports nothing but Node and keeps to syntax that old versions of
 * Node can read far enough to print why they are refused.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourceFingerprint } from './fingerprint.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.tenantgate-lock')

requireNode(20, 19)
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
const lockHash = createHash('sha256').update(lock).digest('hex')
if (textOf(stamp) !== lockHash) {
  if (!installedMatchesLock()) install()
  writeFileSync(stamp, lockHash)
}
if (
  process.argv.includes('--build') &&
  textOf(join(root, 'dist', '.fingerprint')) !== sourceFingerprint(root)
) {
  process.stderr.write('tenantgate: building …\n')
  run(process.execPath, [join(root, 'scripts', 'build.mjs')], 'the build failed')
}

function requireNode(major, minor) {
  const [actualMajor, actualMinor] = process.versions.node.split('.').map(Number)
  if (actualMajor > major || (actualMajor === major && actualMinor >= minor)) return
  fail(`Node ${major}.${minor} or newer is needed; this is ${process.versions.node}. See https://nodejs.org/`)
}

/**
 * Whether somebody's own `npm ci` already did the work: npm notes what it installed in node_modules/.package-lock.json.
 *
 * Packages for other platforms are in the lock but not installed, so optional ones may be missing.
 */
function installedMatchesLock() {
  const note = textOf(join(root, 'node_modules', '.package-lock.json'))
  if (note === null) return false
  const installed = JSON.parse(note).packages || {}
  return Object.entries(JSON.parse(lock).packages || {}).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed[path]
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function install() {
  process.stderr.write('tenantgate: installing dependencies …\n')
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const why = 'npm ci failed; its message is above'
  if (process.env.npm_execpath) run(process.execPath, [process.env.npm_execpath, ...args], why)
  else run('npm', args, why)
}

function run(command, args, why) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    // standard output belongs to the command that this one prepares
    stdio: ['ignore', process.stderr.fd, 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (status !== 0) fail(error ? `${why}: ${error.message}` : why)
}

function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

function fail(message) {
  process.stderr.write(`tenantgate: ${message}\n`)
  process.exit(1)
}
