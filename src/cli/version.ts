import { readFileSync } from 'node:fs'

/** The package's version; `package.json` stands two folders above in the sources and in the build. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
