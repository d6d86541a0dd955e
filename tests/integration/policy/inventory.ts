import { readFileSync } from 'node:fs'

type Versions = readonly number[]
type Overloads = Readonly<Record<string, Versions>>

interface Inventory {
  readonly versions: Versions
  readonly functions: Readonly<Record<string, { readonly overloads: Overloads }>>
  readonly operators: Readonly<Record<string, { readonly overloads: Overloads }>>
  readonly settings: Readonly<Record<string, { readonly versions: Versions }>>
}

type Extensions = Readonly<
  Record<string, { readonly functions: Readonly<Record<string, { readonly overloads: readonly string[] }>> }>
>

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../scripts/generate/${name}`, import.meta.url), 'utf8'))
}

/** What was reviewed: the inventory of the supported servers that `npm run generate` works from. */
export const INVENTORY = read('inventory.generated.json') as Inventory

/** The same of extensions: what their scripts make. */
export const EXTENSION_INVENTORY = read('extensions.generated.json') as Extensions
