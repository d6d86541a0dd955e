import { INDEX, type Place, place } from './place.js'
import { WRAPPERS } from './wrappers.js'

export const READS: readonly Place[] = [
  place(
    'WHERE on a child of a key',
    ({ on, and }) =>
      `SELECT t.id FROM child t WHERE ${on('t')} AND EXISTS (SELECT FROM leaky p WHERE p.id = t.leaky_id${and('p')})`,
  ),
  place('WHERE', ({ on, and }) => `SELECT t.id FROM leaky t WHERE ${on('t')}${and('t')}`),
  place(
    'WHERE, twice denied',
    ({ on, and }) => `SELECT t.id FROM leaky t WHERE NOT (NOT (${on('t')}))${and('t')}`,
  ),
  place(
    'WHERE, beside OR',
    ({ on, and }) => `SELECT t.id FROM leaky t WHERE (t.id < 0 OR ${on('t')})${and('t')}`,
  ),
  place(
    'WHERE, in CASE',
    ({ on, and }) => `SELECT t.id FROM leaky t WHERE CASE WHEN t.id > 0 THEN (${on('t')}) END${and('t')}`,
  ),
  place('WHERE, IS TRUE', ({ on, and }) => `SELECT t.id FROM leaky t WHERE (${on('t')}) IS TRUE${and('t')}`),
  ...WRAPPERS.map((wrapper) =>
    place(
      `WHERE, in ${wrapper}`,
      ({ on, and }) => `SELECT t.id FROM leaky t WHERE ${wrapper.replace('…', on('t'))}${and('t')}`,
    ),
  ),
  place(
    'WHERE and FOR UPDATE',
    ({ on, and }) => `SELECT t.id FROM leaky t WHERE ${on('t')}${and('t')} FOR UPDATE`,
  ),
  place(
    'WHERE and LIMIT',
    ({ on, and }) => `SELECT t.id FROM leaky t WHERE ${on('t')}${and('t')} ORDER BY t.id LIMIT 1`,
  ),
  place(
    'WHERE of a cursor',
    ({ on, and }) =>
      `DECLARE k CURSOR FOR SELECT t.id FROM leaky t WHERE ${on('t')}${and('t')}; FETCH ALL FROM k; CLOSE k`,
  ),
  place(
    'WHERE over a sample',
    ({ on, and }) => `SELECT t.id FROM leaky t TABLESAMPLE system (100) WHERE ${on('t')}${and('t')}`,
  ),
  place(
    'WHERE with an index on the tenant',
    ({ on, and }) => `SELECT t.id FROM indexed t WHERE ${on('t')}${and('t')} ORDER BY t.id`,
    INDEX,
  ),
  place(
    'WHERE with an index on another column',
    ({ on, and }) => `SELECT t.id FROM keyed t WHERE t.id > 0 AND ${on('t')}${and('t')} ORDER BY t.id`,
    INDEX,
  ),
  place(
    'WHERE on a partitioned table',
    ({ on, and }) => `SELECT t.id FROM parted t WHERE ${on('t')}${and('t')}`,
  ),
  place(
    'WHERE on a partition',
    ({ on, and }) => `SELECT t.id FROM parted_high t WHERE ${on('t')}${and('t')}`,
  ),
  place(
    'WHERE on an inheritance parent',
    ({ on, and }) => `SELECT t.id FROM parent t WHERE ${on('t')}${and('t')}`,
  ),
  place('WHERE on a view', ({ on, and }) => `SELECT t.id FROM seen t WHERE ${on('t')}${and('t')}`),
  place(
    'WHERE on a materialized view',
    ({ on, and }) => `SELECT t.id FROM kept t WHERE ${on('t')}${and('t')}`,
  ),
]
