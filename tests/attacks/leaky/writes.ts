import { INDEX, type Place, place } from './place.js'

export const WRITES: readonly Place[] = [
  place('UPDATE', ({ on, and }) => `UPDATE leaky t SET tag = 'x' WHERE ${on('t')}${and('t')}`),
  place(
    'UPDATE with an index',
    ({ on, and }) => `UPDATE keyed t SET tag = 'x' WHERE t.id > 0 AND ${on('t')}${and('t')}`,
    INDEX,
  ),
  place(
    'UPDATE of a partitioned table',
    ({ on, and }) => `UPDATE parted t SET tag = 'x' WHERE ${on('t')}${and('t')}`,
  ),
  place(
    'UPDATE … FROM',
    ({ on, and }) =>
      `UPDATE keyed k SET tag = 'x' FROM leaky t WHERE t.id = k.id AND ${on('t')}${and('t')}${and('k')}`,
  ),
  place(
    'UPDATE … FROM, over the target',
    ({ on, and }) => `UPDATE leaky t SET tag = 'x' FROM countries c WHERE ${on('t')}${and('t')}`,
  ),
  place('SET', ({ on, where }) => `UPDATE leaky t SET tag = CASE WHEN ${on('t')} THEN 'x' END${where('t')}`),
  place(
    'RETURNING',
    ({ on, where }) => `UPDATE leaky t SET tag = 'x'${where('t')} RETURNING t.id, (${on('t')})`,
  ),
  place('DELETE', ({ on, and }) => `DELETE FROM leaky t WHERE ${on('t')}${and('t')}`),
  place(
    'DELETE from a partitioned table',
    ({ on, and }) => `DELETE FROM parted t WHERE ${on('t')}${and('t')}`,
  ),
  place(
    'DELETE … USING',
    ({ on, and }) =>
      `DELETE FROM keyed k USING leaky t WHERE t.id = k.id AND ${on('t')}${and('t')}${and('k')}`,
  ),
  place(
    'INSERT … SELECT',
    ({ on, and }) =>
      `INSERT INTO sink (id, tenant_id) SELECT t.id, '7' FROM leaky t WHERE ${on('t')}${and('t')}`,
  ),
  place(
    'ON CONFLICT DO UPDATE',
    ({ on, and }) =>
      `INSERT INTO keyed AS t (id, tenant_id) VALUES (71, '7'), (81, '7') ON CONFLICT (id) DO UPDATE SET tag = 'x' WHERE ${on('t')}${and('t')}`,
    { isComparable: false },
  ),
  place(
    'MERGE ON',
    ({ on, and }) =>
      `MERGE INTO leaky t USING countries c ON ${on('t')}${and('t')} WHEN MATCHED THEN DO NOTHING`,
    { since: 15 },
  ),
  place(
    'MERGE ON, over the source',
    ({ on, and }) =>
      `MERGE INTO keyed k USING leaky t ON t.id = k.id AND ${on('t')}${and('t')}${and('k')} WHEN MATCHED THEN UPDATE SET tag = 'x'`,
    { since: 15 },
  ),
  place(
    'MERGE WHEN MATCHED AND',
    ({ on, and }) =>
      `MERGE INTO keyed t USING leaky u ON t.id = u.id${and('t')}${and('u')} WHEN MATCHED AND ${on('t')} THEN UPDATE SET tag = 'x'`,
    { since: 15 },
  ),
  place(
    'MERGE WHEN NOT MATCHED BY SOURCE AND',
    ({ on, and }) =>
      `MERGE INTO leaky t USING countries c ON t.tag = c.code WHEN NOT MATCHED BY SOURCE AND ${on('t')}${and('t')} THEN DELETE`,
    { since: 17 },
  ),
  place(
    'a data-modifying WITH query',
    ({ on, and }) =>
      `WITH x AS (DELETE FROM leaky t WHERE ${on('t')}${and('t')} RETURNING t.id) SELECT count(*) FROM x`,
  ),
]
