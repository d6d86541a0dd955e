import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What this process holds on to in heap and buffers, garbage not counted. Units: bytes */
export function heldMemory(): number {
  collect()
  // buffers are given back by a thread of their own, which the next collection waits for
  collect()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}
