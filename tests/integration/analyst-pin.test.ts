import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { availableServers } from '../support/servers.js'

/** Twelve tenants; the rows of the last one make the filters fail, with a message that shows them. */
const SQL = `
CREATE TABLE notes (id int PRIMARY KEY, tenant_id text NOT NULL, note text NOT NULL);
CREATE FUNCTION cheap(note text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 1 AS $$
BEGIN
  IF note LIKE 'secret%' THEN RAISE '%', note; END IF;
  RETURN true;
END $$;
INSERT INTO notes SELECT i, i % 12, CASE WHEN i % 12 = 11 THEN 'secret' || i ELSE '1' END FROM generate_series(1, 240) AS i;
ANALYZE notes;
`
const FILTERS = ['cheap(note)', 'note::int > 0']
/** Half the cost of an operator for each tenant; from nine on the server looks them up in a hash. */
const COUNTS = [1, 2, 3, 8, 9, 11]

describe.each(availableServers())(
  'an analyst’s pin beside a filter that can fail, on PostgreSQL $label',
  (server) => {
    let database: TestDatabase
    beforeAll(async () => {
      database = await testDatabase({ server, sql: SQL })
    })
    afterAll(() => database.drop())

    /** By how many tenants there are: those for which a filter failed on another tenant's row. */
    async function leaking(from: (pin: string) => string): Promise<readonly number[]> {
      const found = new Set<number>()
      for (const count of COUNTS) {
        const list = Array.from({ length: count }, (_, tenant) => tenant).join(',')
        const pin = `notes.tenant_id OPERATOR(pg_catalog.=) ANY ('{${list}}')`
        for (const filter of FILTERS) {
          await database.query(`SELECT count(*) FROM ${from(pin)} WHERE ${filter}`).catch((error: Error) => {
            expect(error.message).toContain('secret')
            found.add(count)
          })
        }
      }
      return [...found]
    }

    test('comes second with three tenants or more, unless there is a fence', async () => {
      expect(await leaking((pin) => `(notes JOIN (SELECT) AS _tg1 ON ${pin})`)).toEqual([3, 8, 9, 11])
      expect(await leaking((pin) => `(SELECT * FROM notes WHERE ${pin} OFFSET 0) AS notes`)).toEqual([])
    })
  },
)
