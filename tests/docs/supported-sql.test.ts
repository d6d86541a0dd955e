import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { settingRule } from '../../src/policy/settings.js'
import { DISPOSITIONS } from '../../src/sql/ast/dispositions.js'
import { STATEMENT_NAMES } from '../../src/sql/ast/statement-names.js'

/** How the page names the kinds of statement that the compiler has a rule for. */
const SUPPORTED: Readonly<Record<string, string>> = {
  SelectStmt: 'SELECT',
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
  CopyStmt: 'COPY … TO STDOUT',
  TransactionStmt: 'BEGIN',
  DeclareCursorStmt: 'DECLARE',
  FetchStmt: 'FETCH',
  ClosePortalStmt: 'CLOSE',
  LockStmt: 'LOCK TABLE',
  PrepareStmt: 'PREPARE',
  ExecuteStmt: 'EXECUTE',
  DeallocateStmt: 'DEALLOCATE',
  CreateStmt: 'CREATE TEMPORARY TABLE [AS]',
  CreateTableAsStmt: 'SELECT INTO TEMPORARY',
  DropStmt: 'DROP TABLE',
  CreateExtensionStmt: 'CREATE EXTENSION IF NOT EXISTS',
  DiscardStmt: 'DISCARD',
  ListenStmt: 'LISTEN',
  NotifyStmt: 'NOTIFY',
  UnlistenStmt: 'UNLISTEN',
  VariableSetStmt: 'SET',
  VariableShowStmt: 'SHOW',
  ExplainStmt: 'EXPLAIN',
}

let page = ''
let statements = ''
let refused = ''
beforeAll(async () => {
  page = await readFile(new URL('../../docs/supported-sql.md', import.meta.url), 'utf8')
  statements = page.slice(page.indexOf('## Statements'), page.indexOf('## The tenant column'))
  refused = page.slice(page.indexOf('## Refused'))
})

test('the table of statements has those that the compiler has a rule for, and no other', () => {
  const staged = Object.entries(DISPOSITIONS).flatMap(([kind, disposition]) =>
    kind.endsWith('Stmt') && kind !== 'RawStmt' && disposition === 'stage' ? [kind] : [],
  )
  expect(staged.sort()).toEqual(Object.keys(SUPPORTED).sort())
  const rows = statements.split('\n').map((line) => line.split('|')[1] ?? '')
  for (const name of Object.values(SUPPORTED)) expect(rows.join()).toContain(`\`${name}\``)
})

test('every refused statement is named, or is one that creates, alters or drops', () => {
  const names = [...STATEMENT_NAMES].flatMap(([kind, name]) =>
    DISPOSITIONS[kind as keyof typeof DISPOSITIONS] === 'refuse' && kind.endsWith('Stmt') ? [name] : [],
  )
  const rest = /^(CREATE|ALTER|DROP|REFRESH|IMPORT|SECURITY|REASSIGN|LOAD|CHECKPOINT)/
  expect(names.filter((name) => !rest.test(name) && !refused.includes(`\`${name}\``))).toEqual([])
})

test('the lists of settings are those of the policy', () => {
  const list = (title: string) => {
    const start = page.indexOf(`**${title}**`)
    const paragraph = page.slice(start, page.indexOf('\n\n', start))
    return [...paragraph.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? '')
  }
  const settable = list('Set and shown')
  const showable = list('Shown only')
  expect(settable.length).toBeGreaterThan(20)
  expect(settable.filter((name) => settingRule(name)?.set !== true)).toEqual([])
  expect(showable.filter((name) => settingRule(name)?.set !== false)).toEqual([])
})
