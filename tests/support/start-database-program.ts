/** Starts a database as its arguments say, prints its URL and the server's process id as JSON, and waits to be killed. */
import { Client } from 'pg'
import type { DatabaseOptions } from '../../src/demo/database/database.js'
import { startDatabase } from '../../src/demo/database/start-database.js'

const options = JSON.parse(process.argv[2] ?? '{}') as DatabaseOptions
const database = await startDatabase(options)
const client = new Client({ connectionString: database.url })
await client.connect()
const { rows } = await client.query(
  `SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)::int AS pid, current_setting('data_directory') AS data`,
)
process.stdout.write(`${JSON.stringify({ url: database.url, ...rows[0] })}\n`)
setInterval(() => {}, 60_000)
