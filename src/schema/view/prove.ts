import { type Relation, relationKey, type ViewProof } from '../relation.js'
import type { ViewRules } from './rules.js'
import type { Output } from './scope.js'
import { Select } from './select.js'
import { survey } from './survey.js'
import { TenancyGraph } from './tenancy-graph.js'
import { type Fields, selectOf } from './tree.js'

const NOTHING_PROVEN: ViewProof = { columns: new Map(), reads: [], total: false, single: false }

/** What one view needs to know about the relations it reads. */
export interface ProofContext {
  readonly rules: ViewRules
  relation(key: string): Relation | undefined
  /** The proof of a view, which is made first. */
  proof(key: string): ViewProof | null
}

/** The relations with every view's proof in place; views over views are proven from the inside out. */
export function proveViews(
  relations: ReadonlyMap<string, Relation>,
  definitions: ReadonlyMap<number, string>,
  rules: ViewRules,
): ReadonlyMap<string, Relation> {
  const proofs = new Map<string, ViewProof>()
  const context: ProofContext = {
    rules,
    relation: (key) => relations.get(key),
    proof: (key) => {
      const relation = relations.get(key)
      if (relation?.kind !== 'view' && relation?.kind !== 'materialized view') return null
      const known = proofs.get(key)
      if (known !== undefined) return known
      proofs.set(key, NOTHING_PROVEN)
      const proof = prove(relation, definitions.get(relation.oid), context)
      proofs.set(key, proof)
      return proof
    },
  }
  return new Map(
    [...relations].map(([key, relation]) => {
      const view = context.proof(key)
      return [key, view === null ? relation : { ...relation, view }]
    }),
  )
}

function prove(view: Relation, definition: string | undefined, context: ProofContext): ViewProof {
  if (definition === undefined) return NOTHING_PROVEN
  let query: Fields
  try {
    query = selectOf(context.rules.parse(definition))
  } catch {
    return NOTHING_PROVEN
  }
  const stored = view.kind === 'materialized view'
  const found = survey(query, context)
  const graph = new TenancyGraph()
  const proof = { reads: found.reads, total: stored || found.total, single: true }
  try {
    const { outputs } = new Select(context, graph).derive(query, null)
    const single = stored || (graph.size <= 1 && found.reachable)
    const safe = !found.denied && (single || found.total)
    return { ...proof, single, columns: safe ? exposed(view, outputs, { context, graph }) : new Map() }
  } catch {
    return { ...proof, single: false, columns: new Map() }
  }
}

interface Exposure {
  readonly context: ProofContext
  readonly graph: TenancyGraph
}

/** The view's columns that are the tenant column of an instance to which all others are confined. */
function exposed(
  view: Relation,
  outputs: readonly Output[],
  { context, graph }: Exposure,
): ViewProof['columns'] {
  const columns = new Map<string, { readonly relation: string; readonly column: string }>()
  for (const [place, { field }] of outputs.entries()) {
    const column = view.columns[place]
    if (field === null || column === undefined) continue
    if (graph.isNullable(field.instance) || !graph.confinedTo(field.instance)) continue
    const base = baseOf(field, context)
    if (base !== null) columns.set(column.name, base)
  }
  return columns
}

function baseOf(
  field: { readonly relation: string; readonly column: string },
  context: ProofContext,
): { readonly relation: string; readonly column: string } | null {
  const proof = context.proof(field.relation)
  if (proof !== null) return proof.columns.get(field.column) ?? null
  const relation = context.relation(field.relation)
  if (relation === undefined) return null
  const tenancy = context.rules.tenancy(relation)
  if (tenancy.kind !== 'tenant' || tenancy.column !== field.column) return null
  return { relation: relationKey(relation.schema, relation.name), column: field.column }
}
