import { readFileSync } from 'node:fs'

/** USER_HZ, the unit of /proc/PID/stat, is 100 on every architecture that Node runs on. */
const TICK_US = 10_000

/**
 * Processor time that a process has used so far, its threads' and the kernel's on its behalf; null where /proc has none.
 *
 * Units    µs, in steps of 10 ms
 * Source   proc(5), /proc/[pid]/stat, fields 14 and 15
 */
export function processorTimeUs(pid: number): number | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return null
  }
}

/** The second field is the program's name in parentheses, which may hold blanks and parentheses itself. */
export function parseStat(text: string): number {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_US
}
