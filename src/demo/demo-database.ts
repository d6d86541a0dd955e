import { readFile } from 'node:fs/promises'
import { Client } from 'pg'

/** Identifiers that need no quotes. */
export interface DemoNames {
  readonly name: string
  /** The gateway's role, which `init` creates. */
  readonly role: string
}

/** Makes the database anew, whatever it held, with schema and data; gives the superuser's connection string to it. */
export async function createDemoDatabase(serverUrl: string, names: DemoNames): Promise<string> {
  await dropDemoDatabase(serverUrl, names)
  await run(serverUrl, [`CREATE DATABASE ${names.name} TEMPLATE template0 ENCODING 'UTF8'`])
  const url = new URL(serverUrl)
  url.pathname = `/${names.name}`
  await run(url.href, [await script('schema.sql'), await script('data.sql')])
  return url.href
}

/** Ends its connections and removes it, and the gateway's role with it; nothing else on the server is touched. */
export function dropDemoDatabase(serverUrl: string, { name, role }: DemoNames): Promise<void> {
  return run(serverUrl, [`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, `DROP ROLE IF EXISTS ${role}`])
}

function script(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8')
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
