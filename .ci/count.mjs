/** Prints "N passed, N failed" of vitest's JSON report; a file that failed to load counts as one failure. */
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const unloaded = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
)
const failed = report.numFailedTests + unloaded.length
process.stdout.write(`${report.numPassedTests} passed, ${failed} failed\n`)
if (failed > 0 || report.numPassedTests === 0) process.exitCode = 1
