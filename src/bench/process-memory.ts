import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Memory of a process that is in use, and the most that has been since `resetPeak`; null where /proc has none.
 *
 * Units    kB
 * Source   proc(5), /proc/[pid]/status, VmRSS and VmHWM
 */
export function processMemory(pid: number): { readonly kB: number; readonly peakKB: number } | null {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, 'latin1'))
  } catch {
    return null
  }
}

export function parseStatus(text: string): { readonly kB: number; readonly peakKB: number } {
  const value = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1])
  return { kB: value('VmRSS'), peakKB: value('VmHWM') }
}

/** What is in use now is the most from now on; without effect where that isn't allowed. */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // the peak is then that of the whole life
  }
}
