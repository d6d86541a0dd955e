import { type Place, place } from './place.js'

export const JOINS: readonly Place[] = [
  place('ON', ({ on, where }) => `SELECT t.id FROM leaky t JOIN countries c ON ${on('t')}${where('t')}`),
  place(
    'ON of a LEFT JOIN',
    ({ on, and }) => `SELECT t.id, c.code FROM countries c LEFT JOIN leaky t ON ${on('t')}${and('t')}`,
  ),
  place(
    'ON of a LEFT JOIN, over the kept side',
    ({ on, where }) => `SELECT t.id FROM leaky t LEFT JOIN countries c ON ${on('t')}${where('t')}`,
  ),
  place(
    'ON of a RIGHT JOIN',
    ({ on, and }) => `SELECT t.id FROM leaky t RIGHT JOIN countries c ON ${on('t')}${and('t')}`,
  ),
  place(
    'ON of a FULL JOIN',
    ({ on, where }) =>
      `SELECT t.id, u.id FROM leaky t FULL JOIN (SELECT * FROM leaky u${where('u')}) u ON t.id = u.id AND ${on('u')}${where('t')}`,
  ),
  place(
    'ON of a self-join',
    ({ on, and, where }) =>
      `SELECT t.id FROM leaky t JOIN leaky u ON t.id = u.id AND ${on('u')}${and('u')}${where('t')}`,
  ),
  place(
    'WHERE after USING',
    ({ on, and }) =>
      `SELECT t.id FROM leaky t JOIN keyed u USING (id) WHERE ${on('u')}${and('t')}${and('u')}`,
  ),
  place(
    'WHERE after a comma',
    ({ on, and }) => `SELECT t.id FROM leaky t, countries c WHERE ${on('t')}${and('t')}`,
  ),
  place(
    'WHERE after a LEFT JOIN',
    ({ on, and }) => `SELECT t.id FROM countries c LEFT JOIN leaky t ON t.id > 0${and('t')} WHERE ${on('t')}`,
  ),
  place(
    'LATERAL',
    ({ on, and }) =>
      `SELECT x.id FROM countries c, LATERAL (SELECT t.id FROM leaky t WHERE ${on('t')}${and('t')} AND t.id > length(c.code)) x`,
  ),
]
