import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ServerAccount } from '../demo/database/server-account.js'

const COMPANION = fileURLToPath(new URL('./companion.mjs', import.meta.url))
const READY_MS = 60_000
const POLL_MS = 20

export interface CompanionOptions {
  readonly name: string
  readonly program: string
  readonly args: (folder: string) => readonly string[]
  /** Written into a folder of its own before it starts, for its eyes only. */
  readonly files: Readonly<Record<string, string>>
  readonly account: ServerAccount | undefined
  /** It is ready when something listens here. */
  readonly port: number
}

/** A program between the load and the database, or any other that has to end with us. */
export interface Companion {
  readonly pid: number
  stop(): Promise<void>
}

/**
 * Starts a program; resolves when its port answers. It ends with this process at the latest.
 *
 * Throws   an Error with the last lines that the program wrote
 */
export async function startCompanion(options: CompanionOptions): Promise<Companion> {
  const { name, program, account } = options
  const folder = folderWith(options.files, account)
  const companion = spawn(process.execPath, [COMPANION], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
    cwd: '/',
  })
  const ended = once(companion, 'exit')
  companion.send({ program, args: options.args(folder), folder, account })
  const failure = new Promise<never>((_, reject) => {
    companion.on('message', (message: { ended?: string }) => {
      if (message.ended !== undefined) reject(new Error(`${name} did not run: ${message.ended}`))
    })
  })
  // it may also end later, when nobody waits for it any more: the load then fails and says so
  failure.catch(() => {})
  const stop = async () => {
    if (companion.connected) companion.disconnect()
    await ended
  }
  try {
    const [{ pid }] = (await Promise.race([once(companion, 'message'), failure])) as [{ pid: number }]
    await Promise.race([listening(options.port, name), failure])
    return { pid, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function folderWith(files: Readonly<Record<string, string>>, account: ServerAccount | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenantgate-bench-'))
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    if (account !== undefined) chownSync(path, account.uid, account.gid)
  }
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  return folder
}

async function listening(port: number, name: string): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw new Error(`${name} did not listen within ${READY_MS / 1000} s`)
    await delay(POLL_MS)
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
