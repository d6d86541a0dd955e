import type { Random } from '../random.js'
import { condition } from './expression.js'
import { merge } from './merge.js'
import { TABLES } from './model.js'
import { write } from './write.js'
import { Writer } from './writer.js'

/** One statement to be asked twice: through the gateway, and of the private database. */
export interface Statement {
  readonly text: string
  /** Values of its parameters; undefined where it has none and goes by the simple protocol. */
  readonly values: readonly string[] | undefined
  /** Whether the order of its rows is fixed. */
  readonly ordered: boolean
  /** The tables whose rows have to be compared afterwards. */
  readonly touches: readonly string[]
}

/** The next statement of a seed. */
export function statement(random: Random): Statement {
  const choice = random.below(100)
  const w = new Writer(random, choice >= 5 && random.chance(25))
  const made =
    choice < 5 ? wrong(w) : choice < 70 ? read(w) : { ...(choice < 95 ? write(w) : merge(w)), ordered: false }
  return { ...made, text: made.sql, values: w.parameters.length === 0 ? undefined : w.parameters }
}

function read(w: Writer) {
  const query = w.select({ sources: [], outer: [], ctes: [], depth: 0 })
  return { sql: query.sql, ordered: query.ordered, touches: [] }
}

/** Statements that PostgreSQL refuses before it looks at a row, or on the tenant's own rows. */
function wrong(w: Writer) {
  const table = w.random.pick(TABLES)
  const source = { alias: 't', columns: table.columns, digits: [] }
  const where = condition(w, { sources: [source], outer: [], ctes: [], depth: 3 })
  const texts = [
    `SELECT nothing FROM ${table.name}`,
    `SELECT t.nothing FROM ${table.name} t WHERE ${where}`,
    `SELECT * FROM ${table.name} t WHERE ${where} AND nowhere.x = 1`,
    `SELECT * FROM not_there`,
    `SELECT id FROM tasks, projects`,
    `SELECT title, count(*) FROM tasks`,
    `SELECT no_such_function(1) FROM ${table.name}`,
    `SELECT 'x'::int FROM ${table.name}`,
    `SELECT * FROM ${table.name} t WHERE 'a' + 1 = 2`,
    `SELECT * FROM tasks WHERE id = 'x'`,
    `SELECT 1 FROM ${table.name} UNION SELECT 1, 2`,
    `SELECT 1 FROM ${table.name} UNION SELECT now()`,
    `SELECT * FROM ${table.name} ORDER BY 99`,
    `SELECT sum(count(*)) FROM ${table.name}`,
    `SELECT * FROM ${table.name} LIMIT -1`,
    `SELECT (SELECT id, title FROM tasks)`,
    `SELECT * FROM ${table.name} WHERE rank() OVER () = 1`,
    `SELECT *`,
    `SELECT FROM WHERE`,
    `INSERT INTO tasks (id, nothing) VALUES (1, 2)`,
    `INSERT INTO tasks (id, id) VALUES (1, 2)`,
    `INSERT INTO tasks (id, title) VALUES (1)`,
    `INSERT INTO tasks (id, title) VALUES (500, NULL)`,
    `INSERT INTO accounts (id, name) VALUES (17, 'again')`,
    `INSERT INTO projects (id, title) VALUES (1, 'again')`,
    `INSERT INTO accounts (id, name, mail) VALUES (5007, 'x', 'no mail')`,
    `INSERT INTO accounts (id, name) VALUES (5007, 'x') ON CONFLICT (name) DO NOTHING`,
    `INSERT INTO events_2025 (id, at) VALUES (500, '2024-01-01')`,
    `UPDATE tasks SET title = NULL`,
    `UPDATE tasks SET nothing = 1`,
    `UPDATE tasks SET title = 'a', title = 'b'`,
    `UPDATE accounts SET plan = 'gold'`,
    `UPDATE accounts SET id = 17 WHERE id = 27`,
    `DELETE FROM tasks WHERE count(*) > 1`,
    `DELETE FROM not_there`,
  ]
  return { sql: w.random.pick(texts), ordered: false, touches: [] }
}
