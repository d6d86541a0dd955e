import type { DatabaseSource } from '../../src/demo/database/database.js'
import { embeddedBinaries } from '../../src/demo/database/embedded-binaries.js'
import { systemBinaries } from '../../src/demo/database/system-binaries.js'

/** The sources of this machine whose server processes are ours to start. */
export function ownSources(): readonly DatabaseSource[] {
  const sources: DatabaseSource[] = []
  if (embeddedBinaries() !== undefined) sources.push('embedded')
  if (systemBinaries(process.env.PATH ?? '') !== undefined) sources.push('system')
  return sources
}
