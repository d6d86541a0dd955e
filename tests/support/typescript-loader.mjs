/**
 * Lets a plain `node` run the TypeScript sources: `node --import ./tests/support/typescript-loader.mjs src/cli/main.ts`.
 *
 * Tests that need the command in a process of its own use it, so that they don't depend on a build being fresh.
 */
import { register } from 'node:module'

register('./typescript-hooks.mjs', import.meta.url)
