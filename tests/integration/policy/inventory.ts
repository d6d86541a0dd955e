import { readFileSync } from 'node:fs'

interface Inventory {
  readonly versions: readonly number[]
  readonly functions: Readonly<
    Record<string, { readonly overloads: Readonly<Record<string, readonly number[]>> }>
  >
}

/** What was reviewed: the inventory of the supported servers that `npm run generate` works from. */
export const INVENTORY = JSON.parse(
  readFileSync(new URL('../../../scripts/generate/inventory.generated.json', import.meta.url), 'utf8'),
) as Inventory
