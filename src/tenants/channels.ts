/** NOTIFY channels of a control schema; two gateways on one database with different control schemas don't hear each other. */
export interface Channels {
  /** Tenants or logins changed. */
  readonly catalog: string
  /** Somebody changed the database's schema. */
  readonly schema: string
}

/** Channel names are identifiers of at most 63 bytes: the schema's name is cut before the suffix is. */
export function channelsOf(controlSchema: string): Channels {
  const prefix = Buffer.from(controlSchema).subarray(0, 50).toString('utf8').replace(/�$/, '')
  return { catalog: `${prefix}.catalog`, schema: `${prefix}.schema` }
}
