import type { ThreadEntry } from '../../src/compiling/compile-worker.js'

/** The source of what compile threads run: a test needs no build. */
export const SOURCE_THREAD: ThreadEntry = {
  url: new URL('../../src/compiling/compile-thread.ts', import.meta.url),
  execArgv: ['--import', new URL('./typescript-loader.mjs', import.meta.url).href],
}
