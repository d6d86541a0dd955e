/** Where a database comes from, in the order in which `startDatabase` tries them. */
export type DatabaseSource = 'url' | 'docker' | 'embedded' | 'system'

/** A running PostgreSQL with a superuser to do anything with. */
export interface Database {
  /** Connection string of the superuser to the database `postgres`. */
  readonly url: string
  readonly source: DatabaseSource
  /** Ends all its connections and leaves nothing behind but a data directory that was asked for; may be called twice. */
  stop(): Promise<void>
}

export interface DatabaseOptions {
  /** Keeps the data here between runs; without it they live in a temporary folder until `stop`. */
  readonly dataDirectory?: string
  /** Preferred port; a free one is used when it is taken. */
  readonly port?: number
  /** Server parameters, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>
  /** This source or none. */
  readonly source?: DatabaseSource
}
