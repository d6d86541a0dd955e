import { beforeAll, describe, expect, test } from 'vitest'
import { LoginName } from '../../../src/core/ids.js'
import { loadParser } from '../../../src/sql/parser.js'
import { unscoped } from '../../../src/sql/unscoped.js'
import type { OperatorLogin, ScopedLogin } from '../../../src/tenants/login.js'
import { compileSql } from '../../support/sql-world.js'

beforeAll(loadParser)

const ABOUT = {
  name: LoginName.of('root'),
  tenants: [],
  secret: null,
  certificateCn: null,
  disabled: false,
} as const
const OPERATOR: OperatorLogin = { ...ABOUT, kind: 'operator' }

describe('an operator’s text', () => {
  test.each([
    'SELECT * FROM secrets',
    'DROP TABLE orders; -- and no more',
    "CREATE TABLE t (id int, tenant_id text DEFAULT 'ä')",
    'nothing that parses',
    '',
  ])('keeps its bytes: %s', (text) => {
    expect(unscoped(Buffer.from(text), OPERATOR).sql.toString()).toBe(text)
  })

  test.each([
    ['COPY t FROM STDIN', true],
    ['SELECT 1; COPY t (a) FROM STDIN WITH (FORMAT csv)', true],
    ['COPY t TO STDOUT', false],
    ["COPY t FROM '/tmp/x'", false],
    ["COPY t FROM PROGRAM 'cat'", false],
    ['INSERT INTO t VALUES (1)', false],
    ['', false],
  ])('says whether rows follow: %s', (text, mayTakeRows) => {
    expect(unscoped(Buffer.from(text), OPERATOR)).toMatchObject({ isUnderstood: true, mayTakeRows })
  })

  test.each([
    ['SELECT 1; UPDATE t SET a = 1; COMMIT', false],
    ['SELECT 1; CREATE VIEW v AS SELECT 1', true],
    ['SELECT 1 AS a INTO t', true],
    ['GRANT SELECT ON t TO PUBLIC', true],
    ['DO $$ BEGIN END $$', true],
    ['nothing that parses', true],
    ['', false],
  ])('says whether the schema may be another one afterwards: %s', (text, mayChangeSchema) => {
    expect(unscoped(Buffer.from(text), OPERATOR)).toMatchObject({ mayChangeSchema })
  })

  test.each<[string, readonly string[] | 'all']>([
    ['SELECT 1', []],
    ['PREPARE a AS SELECT 1', ['a']],
    ['DEALLOCATE a; DEALLOCATE PREPARE b', ['a', 'b']],
    ['DEALLOCATE ALL', 'all'],
    ['DEALLOCATE a; DISCARD ALL', 'all'],
    ['DISCARD PLANS', []],
  ])('says which names mean something else afterwards: %s', (text, forgets) => {
    expect(unscoped(Buffer.from(text), OPERATOR).forgets).toEqual(forgets)
  })

  test.each([
    ['no SQL of this version', Buffer.from('FROBNICATE TABLE orders')],
    ['no UTF-8', Buffer.from("SELECT '\xe4'", 'latin1')],
    ['too long to be looked at', Buffer.from(`SELECT '${'x'.repeat(1_100_000)}'`)],
    ['too deep', Buffer.from(`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`)],
  ])('is sent all the same where it is %s, and rows may follow', (_title, text) => {
    const { sql, isUnderstood, mayTakeRows } = unscoped(text, OPERATOR)
    expect({ isSame: sql.equals(text), isUnderstood, mayTakeRows }).toEqual({
      isSame: true,
      isUnderstood: false,
      mayTakeRows: true,
    })
  })

  test('is taken from no other kind of login, neither by the types nor when it runs', () => {
    const app: ScopedLogin = { ...ABOUT, kind: 'app' }
    // @ts-expect-error a login of a tenant is no operator
    expect(() => unscoped(Buffer.from('SELECT 1'), app)).toThrow('invariant broken')
    // @ts-expect-error the compiler has no operators
    expect(() => compileSql('SELECT * FROM secrets', { kind: 'operator' })).toThrow('not available')
  })
})
