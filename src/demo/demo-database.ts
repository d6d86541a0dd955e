import { readFile } from 'node:fs/promises'
import { Client } from 'pg'

/** A database of the demo's own on somebody's server. */
export interface DemoDatabase {
  /** Connection string of the server's superuser to it. */
  readonly url: string
  readonly name: string
  /** Ends its connections and removes it. */
  drop(): Promise<void>
}

/** Makes the database anew, whatever it held, with schema and data; nothing else on the server is touched. */
export async function createDemoDatabase(serverUrl: string, name: string): Promise<DemoDatabase> {
  await drop(serverUrl, name)
  await run(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await run(url.href, `${await script('schema.sql')}\n${await script('data.sql')}`)
  return { url: url.href, name, drop: () => drop(serverUrl, name) }
}

function drop(serverUrl: string, name: string): Promise<void> {
  return run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}

function script(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8')
}

async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
