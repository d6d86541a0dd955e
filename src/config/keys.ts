import { z } from 'zod'

/** What the documentation says about a key beside its type and default. */
export interface KeyNotes {
  readonly description: string
  /** `ms`, `bytes`, … and what 0 means. */
  readonly unit?: string
  /** The keys below come from the user: what one of them is called in the documentation. */
  readonly entry?: string
  /** How the example file shows the key where its default would say nothing. */
  readonly example?: unknown
}

/** A key with what the documentation says about it. */
export function key<T extends z.ZodType>(type: T, notes: KeyNotes): T {
  return type.meta({ ...notes }) as T
}

/** A section that may be left out: every key in it has a default. */
export function section<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  return z
    .strictObject(shape)
    .prefault({} as never)
    .meta({ description })
}
