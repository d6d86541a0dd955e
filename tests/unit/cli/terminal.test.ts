import { expect, test } from 'vitest'
import { ProcessTerminal } from '../../../src/cli/terminal.js'

test('SIGHUP calls the listener every time, and does not end the process', async () => {
  let heard = 0
  let wake: () => void = () => {}
  ProcessTerminal.onHangup(() => {
    heard += 1
    wake()
  })
  for (const time of [1, 2]) {
    const arrived = new Promise<void>((resolve) => {
      wake = resolve
    })
    process.kill(process.pid, 'SIGHUP')
    await arrived
    expect(heard).toBe(time)
  }
})
