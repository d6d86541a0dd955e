import { type Place, place } from './place.js'

export const SUBQUERIES: readonly Place[] = [
  place(
    'EXISTS',
    ({ on, and }) =>
      `SELECT c.code FROM countries c WHERE EXISTS (SELECT FROM leaky t WHERE ${on('t')}${and('t')})`,
  ),
  place(
    'EXISTS, correlated',
    ({ on, and }) =>
      `SELECT c.code FROM countries c WHERE EXISTS (SELECT FROM leaky t WHERE t.id > length(c.code) AND ${on('t')}${and('t')})`,
  ),
  place(
    'NOT EXISTS',
    ({ on, and }) =>
      `SELECT c.code FROM countries c WHERE NOT EXISTS (SELECT FROM leaky t WHERE t.tag = c.code AND ${on('t')}${and('t')})`,
  ),
  place(
    'IN',
    ({ on, and }) =>
      `SELECT c.code FROM countries c WHERE c.code IN (SELECT t.tag FROM leaky t WHERE ${on('t')}${and('t')})`,
  ),
  place(
    'NOT IN',
    ({ on, and }) =>
      `SELECT c.code FROM countries c WHERE c.code NOT IN (SELECT t.tag FROM leaky t WHERE ${on('t')}${and('t')})`,
  ),
  place(
    'a scalar subquery',
    ({ on, and }) =>
      `SELECT c.code FROM countries c WHERE (SELECT count(*) FROM leaky t WHERE ${on('t')}${and('t')}) > 0`,
  ),
  place(
    'a scalar subquery that a filter asks first',
    ({ on, and }) =>
      `SELECT t.id FROM leaky t WHERE (SELECT count(*) FROM leaky u WHERE u.id = t.id AND ${on('u')}${and('u')}) > 0${and('t')}`,
  ),
  place(
    'a subquery of the select list',
    ({ on, and, where }) =>
      `SELECT t.id, (SELECT u.id FROM leaky u WHERE u.id = t.id AND ${on('u')}${and('u')}) FROM leaky t${where('t')}`,
  ),
  place(
    'a subquery of FROM',
    ({ on, and, where }) =>
      `SELECT x.id FROM (SELECT * FROM leaky t${where('t')}) x WHERE ${on('x')}${and('x')}`,
  ),
  place(
    'above DISTINCT',
    ({ on, column, where }) =>
      `SELECT count(*) FROM (SELECT DISTINCT ${column('t')} FROM leaky t${where('t')}) x WHERE ${on('x')}`,
  ),
  place(
    'above DISTINCT ON',
    ({ on, column, where }) =>
      `SELECT count(*) FROM (SELECT DISTINCT ON (${column('t')}) ${column('t')} FROM leaky t${where('t')}) x WHERE ${on('x')}`,
  ),
  place(
    'above UNION',
    ({ on, column, where }) =>
      `SELECT count(*) FROM (SELECT ${column('t')} FROM leaky t${where('t')} UNION SELECT ${column('u')} FROM leaky u${where('u')}) x WHERE ${on('x')}`,
  ),
  place(
    'above UNION ALL',
    ({ on, column, where }) =>
      `SELECT count(*) FROM (SELECT ${column('t')} FROM leaky t${where('t')} UNION ALL SELECT ${column('u')} FROM leaky u${where('u')}) x WHERE ${on('x')}`,
  ),
  place(
    'above INTERSECT',
    ({ on, column, where }) =>
      `SELECT count(*) FROM (SELECT ${column('t')} FROM leaky t${where('t')} INTERSECT SELECT ${column('u')} FROM leaky u${where('u')}) x WHERE ${on('x')}`,
  ),
  place(
    'above EXCEPT',
    ({ on, column, where }) =>
      `SELECT count(*) FROM (SELECT ${column('t')} FROM leaky t${where('t')} EXCEPT SELECT ${column('u')} FROM leaky u WHERE u.id < 0) x WHERE ${on('x')}`,
  ),
  place(
    'above GROUP BY',
    ({ on, column, where }) =>
      `SELECT count(*) FROM (SELECT ${column('t')}, count(*) FROM leaky t${where('t')} GROUP BY ${column('t')}) x WHERE ${on('x')}`,
  ),
  place(
    'above the partition of a window',
    ({ on, column, where }) =>
      `SELECT count(*) FROM (SELECT ${column('t')}, count(*) OVER (PARTITION BY ${column('t')}) FROM leaky t${where('t')}) x WHERE ${on('x')}`,
  ),
  place(
    'above a LIMIT',
    ({ on, where }) =>
      `SELECT x.id FROM (SELECT * FROM leaky t${where('t')} ORDER BY t.id LIMIT 2) x WHERE ${on('x')}`,
  ),
  place(
    'HAVING',
    ({ on, column, where }) =>
      `SELECT count(*) FROM leaky t${where('t')} GROUP BY ${column('t')} HAVING ${on('t')}`,
  ),
  place(
    'HAVING beside grouping sets',
    ({ on, column, where }) =>
      `SELECT count(*) FROM leaky t${where('t')} GROUP BY GROUPING SETS ((${column('t')}), (${column('t')}, t.id)) HAVING ${on('t')}`,
  ),
  place(
    'above a WITH query',
    ({ on, where }) => `WITH x AS (SELECT * FROM leaky t${where('t')}) SELECT x.id FROM x WHERE ${on('x')}`,
  ),
  place(
    'above a materialized WITH query',
    ({ on, where }) =>
      `WITH x AS MATERIALIZED (SELECT * FROM leaky t${where('t')}) SELECT x.id FROM x WHERE ${on('x')}`,
  ),
  place(
    'in a recursive WITH query',
    ({ on, and }) =>
      `WITH RECURSIVE x (id) AS (SELECT 0 UNION SELECT t.id FROM x, leaky t WHERE t.id > x.id AND ${on('t')}${and('t')}) SELECT count(*) FROM x`,
  ),
  place('FILTER', ({ on, where }) => `SELECT count(*) FILTER (WHERE ${on('t')}) FROM leaky t${where('t')}`),
  place('the select list', ({ on, where }) => `SELECT t.id, (${on('t')}) FROM leaky t${where('t')}`),
  place(
    'ORDER BY',
    ({ on, where }) => `SELECT t.id FROM leaky t${where('t')} ORDER BY (${on('t')}), t.id LIMIT 1`,
  ),
  place(
    'the argument of max',
    ({ on, where }) => `SELECT max(CASE WHEN ${on('t')} THEN t.id END) FROM leaky t${where('t')}`,
  ),
]
