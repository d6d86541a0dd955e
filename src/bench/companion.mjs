/**
 * Runs one program for as long as the process that asked for it lives, then removes its folder.
 *
 * The channel to that process is the lifeline: it closes when the process ends, by SIGKILL too. A process group of its
 * own keeps the terminal's Ctrl-C away from the program, which is stopped in its turn.
 *
 * Messages  parent → {program, args, folder, account}    once
 *           → parent {pid} | {ended: text}
 */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const LOG_LINES = 20
const STOP_MS = 5_000

let child
const log = []

process.once('message', ({ program, args, folder, account }) => {
  child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...account })
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text) => {
    log.push(...text.split('\n').filter((line) => line !== ''))
    log.splice(0, log.length - LOG_LINES)
  })
  child.once('error', (error) => leave(error.message))
  child.once('close', (code, signal) => leave(`ended with ${signal ?? `exit code ${code}`}`))
  if (child.pid !== undefined) process.send?.({ pid: child.pid })

  function leave(why) {
    rmSync(folder, { recursive: true, force: true })
    if (!process.connected) return
    process.send?.({ ended: [why, ...log].join('\n') })
    process.disconnect()
  }
})
process.once('disconnect', () => {
  child?.kill('SIGTERM')
  setTimeout(() => child?.kill('SIGKILL'), STOP_MS).unref()
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
