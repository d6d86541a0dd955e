/**
 * Runs one PostgreSQL server for as long as the process that asked for it lives.
 *
 * The channel to that process is the lifeline: it closes when the process ends, by SIGKILL too, and then the server
 * is stopped and a temporary folder removed. Plain JavaScript, so that Node runs it from the sources and from a
 * build alike; a process group of its own, so that Ctrl-C at a terminal reaches the parent only.
 *
 * Messages  parent → {account, folder, temporary, environment, initdb, postgres}    once
 *           → parent {ready: true} | {failed: text}
 */
import { spawn } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const READY = 'database system is ready to accept connections'
const LOG_LINES = 40
const FAST_STOP_MS = 10_000
const IMMEDIATE_STOP_MS = 5_000

/** @type {import('node:child_process').ChildProcess | undefined} */
let running
let stopping = false
const log = []

process.once('message', (order) => {
  serve(order)
    .catch((error) => report({ failed: [error.message, ...log].join('\n') }))
    .finally(() => leave(order))
})
process.once('disconnect', stop)
process.on('SIGTERM', stop)
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})

async function serve(order) {
  const data = join(order.folder, 'data')
  if (!existsSync(data)) {
    // a folder under its final name is a complete one
    const fresh = join(order.folder, 'data.new')
    rmSync(fresh, { recursive: true, force: true })
    await exitOf(launch(order, order.initdb, ['-D', fresh]), 'initdb')
    if (stopping) return
    renameSync(fresh, data)
  }
  await exitOf(launch(order, order.postgres, ['-D', data]), 'postgres')
}

function launch(order, { program, args }, folder) {
  running = spawn(program, [...args, ...folder], {
    cwd: order.folder,
    env: order.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...order.account,
  })
  for (const stream of [running.stdout, running.stderr]) follow(stream)
  return running
}

function follow(stream) {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    log.push(...lines)
    log.splice(0, log.length - LOG_LINES)
    if (lines.some((line) => line.includes(READY))) report({ ready: true })
  })
}

function exitOf(child, name) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0 || stopping) resolve()
      else reject(new Error(`${name} ended with ${signal ?? `exit code ${code}`}`))
    })
  })
}

/** SIGINT is PostgreSQL's fast shutdown; what doesn't follow it is stopped harder. */
function stop() {
  if (stopping) return
  stopping = true
  running?.kill('SIGINT')
  setTimeout(() => running?.kill('SIGQUIT'), FAST_STOP_MS).unref()
  setTimeout(() => running?.kill('SIGKILL'), FAST_STOP_MS + IMMEDIATE_STOP_MS).unref()
}

function report(message) {
  if (process.connected) process.send?.(message)
}

function leave(order) {
  if (order.temporary) rmSync(order.folder, { recursive: true, force: true, maxRetries: 5 })
  if (process.connected) process.disconnect()
}
