import { fileURLToPath } from 'node:url'

const LOADER = new URL('./typescript-loader.mjs', import.meta.url)
const ROOT = new URL('../../', import.meta.url)

/**
 * The arguments with which `node` runs a source file: `run(process.execPath, sourceCommand('src/cli/main.ts', 'explain'))`.
 *
 * Without them a test of a command would need a build first, and would silently test an old one.
 */
export function sourceCommand(file: string, ...args: readonly string[]): readonly string[] {
  return ['--import', LOADER.href, fileURLToPath(new URL(file, ROOT)), ...args]
}
