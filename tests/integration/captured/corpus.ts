import { readdirSync, readFileSync } from 'node:fs'

/** One text as a client sent it. */
export interface Captured {
  readonly client: string
  readonly action: string
  readonly text: string
}

const ROOT = new URL('../../data/captured/', import.meta.url)

/** Every distinct text of each client's action. */
export function corpus(): readonly Captured[] {
  const clients = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return clients.flatMap(({ name: client }) =>
    readdirSync(new URL(`${client}/`, ROOT))
      .sort()
      .flatMap((file) => {
        const source = readFileSync(new URL(`${client}/${file}`, ROOT), 'utf8')
        return [...new Set(texts(source))].map((text) => ({ client, action: file.slice(0, -4), text }))
      }),
  )
}

/** The first line of a file tells where it comes from. */
function texts(source: string): readonly string[] {
  const [, ...lines] = source.split('\n')
  return lines
    .join('\n')
    .split(/;?\n-- --\n?/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
}
