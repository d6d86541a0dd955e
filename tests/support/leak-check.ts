import { afterEach, beforeEach, expect, vi } from 'vitest'

const KINDS = [
  'TCPSocketWrap',
  'TCPServerWrap',
  'TLSWrap',
  'PipeWrap',
  'ProcessWrap',
  'Worker',
  'MessagePort',
] as const
const SOON = { timeout: 2_000, interval: 10 }

/**
 * Makes every test of the calling file or `describe` fail that leaves a socket, server, process or worker open.
 *
 * What a `beforeAll` opened may stay: each test is compared with how it began. Timers are left out, the test runner
 * has its own.
 */
export function failOnLeaks(): void {
  let before: readonly string[] = []
  beforeEach(() => {
    before = openResources()
  })
  afterEach(async () => {
    // sockets close some turns of the event loop after they were told to
    await vi.waitFor(() => expect(added(before, openResources()), 'left open by this test').toEqual([]), SOON)
  })
}

function openResources(): readonly string[] {
  return process.getActiveResourcesInfo().filter((kind) => (KINDS as readonly string[]).includes(kind))
}

function added(before: readonly string[], after: readonly string[]): readonly string[] {
  const rest = [...before]
  return after.filter((kind) => {
    const index = rest.indexOf(kind)
    if (index >= 0) rest.splice(index, 1)
    return index < 0
  })
}
