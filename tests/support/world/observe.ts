import type { EventEmitter } from 'node:events'
import { Client, type Connection, Query, type QueryConfig } from 'pg'

/** One result set or command completion, every value as the text that was sent. */
export interface Observed {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly tag: string
}

/** All that a client got to see of one text. */
export interface Observation {
  readonly results: readonly Observed[]
  readonly error: { readonly code: string; readonly message: string } | null
  readonly notices: readonly string[]
  /** Every byte that came in, in order. */
  readonly received: string
}

export interface Question {
  readonly text: string
  /** Sent by the extended protocol where there are any; undefined: the simple protocol. */
  readonly values?: readonly (string | null)[] | undefined
  /** The rows of COPY … FROM STDIN; only asked for once the server wants them. */
  readonly copy?: () => Buffer
}

/** As ReadyForQuery says: idle, in a transaction, or in one that failed. */
export type TransactionStatus = 'I' | 'T' | 'E'

interface Wire extends EventEmitter {
  readonly stream: EventEmitter
}
interface Field {
  readonly name: string
  readonly dataTypeID: number
}

/** A client that says in its startup packet what it is told to. */
class StartingClient extends Client {
  readonly #startup: Readonly<Record<string, string>>

  constructor(connectionString: string, startup: Readonly<Record<string, string>>) {
    super({ connectionString })
    this.#startup = startup
  }

  /** The hook that `pg` asks for the packet's parameters. */
  getStartupConf(): Record<string, string> {
    const { getStartupConf } = Client.prototype as unknown as { getStartupConf(): Record<string, string> }
    return { ...getStartupConf.call(this), ...this.#startup }
  }
}

/** A query that also gives the rows of a COPY. */
class CopyingQuery extends Query {
  readonly #copy: (() => Buffer) | undefined

  constructor({ text, values, copy }: Question, callback: (error: unknown) => void) {
    const types = { getTypeParser: () => (value: string) => value }
    const config = { text, types, ...(values === undefined ? {} : { values: [...values] }), callback }
    super(config as QueryConfig)
    this.#copy = copy
  }

  handleCopyInResponse(connection: Connection): void {
    const copying = connection as unknown as Copying
    if (this.#copy === undefined) copying.sendCopyFail('no rows')
    else {
      copying.sendCopyFromChunk(this.#copy())
      copying.endCopyFrom()
    }
  }
}

interface Copying {
  sendCopyFail(reason: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** A client that keeps every byte it receives. */
export class Observer {
  /** After the last text. */
  transaction: TransactionStatus = 'I'
  readonly #client: Client
  readonly #types: ReadonlyMap<number, string>
  #ready: () => void = () => {}
  #received = ''
  #results: Observed[] = []
  #open: { columns: string[]; rows: (string | null)[][] } = { columns: [], rows: [] }
  #notices: string[] = []

  private constructor(client: Client, types: ReadonlyMap<number, string>) {
    this.#client = client
    this.#types = types
    const wire = (client as unknown as { connection: Wire }).connection
    wire.stream.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('utf8')
    })
    wire.on('rowDescription', (message: { fields: readonly Field[] }) => {
      this.#open.columns = message.fields.map((field) => `${field.name} ${this.#typeName(field.dataTypeID)}`)
    })
    wire.on('dataRow', (message: { fields: (string | null)[] }) => this.#open.rows.push(message.fields))
    wire.on('commandComplete', (message: { text: string }) => this.#complete(message.text))
    wire.on('emptyQuery', () => this.#complete(''))
    wire.on('copyData', (message: { chunk: Buffer }) =>
      this.#open.rows.push([message.chunk.toString('utf8')]),
    )
    wire.on('readyForQuery', (message: { status: TransactionStatus }) => {
      this.transaction = message.status
      this.#ready()
    })
    client.on('end', () => this.#ready())
    wire.on('notice', (message: { message: string }) => this.#notices.push(message.message))
    wire.on('notification', (message: { channel: string; payload: string }) =>
      this.#notices.push(`${message.channel}: ${message.payload}`),
    )
  }

  /** `types` names the types whose OIDs differ from one database to another. */
  static async connect(
    url: string,
    types: ReadonlyMap<number, string>,
    startup: Readonly<Record<string, string>> = {},
  ): Promise<Observer> {
    const client = new StartingClient(url, startup)
    client.on('error', () => {})
    await client.connect()
    return new Observer(client, types)
  }

  /** Sends one text and waits until the server is ready again; an error is part of the observation. */
  async ask(question: Question): Promise<Observation> {
    let thrown: unknown = null
    // an error comes before the server is ready again
    const ready = new Promise<void>((resolve) => {
      this.#ready = resolve
    })
    this.#client.query(
      new CopyingQuery(question, (error) => {
        thrown = error
        // without an SQLSTATE it is the connection that failed
        if (error instanceof Error && !('severity' in error)) this.#ready()
      }),
    )
    await ready
    if (thrown === null || thrown === undefined) return this.#take(null)
    const { code, message } = thrown as { code?: string; message: string }
    return this.#take({ code: code ?? 'none', message })
  }

  async close(): Promise<void> {
    await this.#client.end()
  }

  /** Everything since the last time, so that what comes in between two questions isn't lost. */
  #take(error: Observation['error']): Observation {
    const seen = { results: this.#results, error, notices: this.#notices, received: this.#received }
    this.#received = ''
    this.#results = []
    this.#notices = []
    this.#open = { columns: [], rows: [] }
    return seen
  }

  #complete(tag: string) {
    this.#results.push({ ...this.#open, tag })
    this.#open = { columns: [], rows: [] }
  }

  #typeName(oid: number): string {
    return this.#types.get(oid) ?? String(oid)
  }
}

/** Names of the types that a database added itself. */
export async function typeNames(
  query: (sql: string) => Promise<{ rows: Record<string, unknown>[] }>,
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await query('SELECT oid::int, typname FROM pg_type WHERE oid >= 16384')
  return new Map(rows.map((row) => [Number(row.oid), String(row.typname)]))
}

/** Of equal numerics of different scale, DISTINCT and set operations keep whichever they meet first. */
function canonical(value: string | null, column = ''): string | null {
  return column.endsWith(' 1700') ? (value?.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') ?? null) : value
}

/**
 * What two observations must have in common to be the same to a tenant.
 *
 * Rows are compared as a multiset unless `ordered`; of an error the SQLSTATE counts.
 */
export function comparable(observation: Observation, ordered = false): string {
  if (observation.error !== null) return `error ${observation.error.code}`
  const results = observation.results.map(({ columns, rows, tag }) => {
    const lines = rows.map((row) => JSON.stringify(row.map((value, i) => canonical(value, columns[i]))))
    return [columns.join(', '), ...(ordered ? lines : lines.sort()), tag].join('\n')
  })
  return [...results, ...observation.notices.map((notice) => `notice ${notice}`)].join('\n--\n')
}
