import type { TestDatabase } from '../../support/database.js'

/** A call or an operator, over columns of these types. */
export interface Call {
  readonly types: readonly string[]
  /** The call with these for its arguments. */
  readonly write: (list: readonly string[]) => string
}

/** A type that stands for a pseudo-type. */
const CONCRETE: Readonly<Record<string, string>> = {
  '"any"': 'text',
  anyarray: 'int[]',
  anycompatible: 'int',
  anycompatiblearray: 'int[]',
  anycompatiblenonarray: 'int',
  anycompatiblerange: 'int4range',
  anycompatiblemultirange: 'int4multirange',
  anyelement: 'int',
  anyenum: 'counted_mood',
  anymultirange: 'int4multirange',
  anynonarray: 'int',
  anyrange: 'int4range',
  record: 'counted_row',
}

/** A filter costs what its operators and calls cost, and nothing else costs anything. */
const SETUP = `
  CREATE TYPE counted_mood AS ENUM ('low');
  CREATE TYPE counted_row AS (a int);
  SET cpu_operator_cost = 1; SET cpu_tuple_cost = 0; SET seq_page_cost = 0; SET jit = off;
  SET enable_indexscan = off; SET enable_bitmapscan = off`

/** Makes a database's only connection one on which `uncounted` can be asked. */
export async function prepareCounting(database: TestDatabase): Promise<void> {
  await database.query(SETUP)
}

/** Those calls that cost less than an operator, over one row that has a column of each type. */
export async function uncounted(database: TestDatabase, calls: readonly Call[]): Promise<readonly string[]> {
  const types = [...new Set(calls.flatMap((call) => call.types))]
  const columns = types.map((type, index) => `x${index} ${CONCRETE[type] ?? type}`)
  await database.query(`CREATE TEMP TABLE counted (one int, ${columns.join(', ')})`)
  await database.query('INSERT INTO counted (one) VALUES (1); ANALYZE counted')
  const found: string[] = []
  for (const call of calls) {
    const expression = call.write(call.types.map((type) => `x${types.indexOf(type)}`))
    const { rows } = await database.query(`${EXPLAIN} WHERE (${expression}) IS NOT NULL`)
    const [explained] = (rows[0]?.['QUERY PLAN'] ?? []) as readonly Explained[]
    if ((explained?.Plan['Total Cost'] ?? 0) < 1) found.push(expression)
  }
  await database.query('DROP TABLE counted')
  return found
}

interface Explained {
  readonly Plan: { readonly 'Total Cost': number }
}

const EXPLAIN = 'EXPLAIN (FORMAT JSON) SELECT FROM counted'

/** SQL for the names of a list of types. */
export function typeList(list: string): string {
  return `array(SELECT format_type(t, NULL) FROM unnest(${list}) WITH ORDINALITY AS a (t, n) ORDER BY n)`
}

/** A call of a function by its name; the last argument of a variadic one is an array. */
export function callOf(name: string, types: readonly string[], variadic: boolean): Call {
  const isArray = variadic && types.at(-1) !== '"any"'
  return {
    types,
    write: (list) => {
      const last = list.at(-1)
      return `${name}(${(isArray ? [...list.slice(0, -1), `VARIADIC ${last}`] : list).join(', ')})`
    },
  }
}
