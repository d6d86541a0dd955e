import type { Constraint, CopyStmt, CreateExtensionStmt, TransactionStmt } from '@pgsql/types'
import { GatewayError } from '../core/errors.js'
import { DISPOSITIONS } from './ast/dispositions.js'
import type { NodeKind } from './ast/grammar.js'
import { statementHint, statementName } from './ast/statement-names.js'
import { eachChild, type Struct, untag } from './ast/walk.js'
import type { ParsedText } from './parse.js'
import { characterPosition } from './position.js'
import { unsupported } from './refusals.js'
import { refusedTableForm } from './temporary-form.js'

/**
 * Lets a tree through only if each node kind and each field of it is on the list.
 *
 * Throws   UNSUPPORTED_STATEMENT, UNSUPPORTED_CONSTRUCT, with the position of the statement or node
 */
export function admit(parsed: ParsedText): void {
  for (const raw of parsed.statements) {
    const admission = new Admission(parsed.text, raw.stmt_location ?? 0)
    const statement = untag(raw.stmt ?? {})
    if (statement !== null) admission.visit(statement.kind, statement.struct)
  }
}

class Admission {
  readonly #text: Buffer
  /** Byte offset of the nearest node around that has a location. */
  #near: number

  constructor(text: Buffer, start: number) {
    this.#text = text
    this.#near = start
  }

  readonly visit = (kind: NodeKind, struct: Struct): void => {
    const outer = this.#near
    if (typeof struct.location === 'number' && struct.location >= 0) this.#near = struct.location
    if (DISPOSITIONS[kind] === 'refuse') throw this.#refuse(kind, statementName(kind))
    if (kind === 'TransactionStmt') this.#transaction(struct as TransactionStmt)
    const form = refusedForm(kind, struct)
    if (form !== null) throw this.#refuse(kind, form)
    eachChild(kind, struct, this.visit)
    this.#near = outer
  }

  #transaction(statement: TransactionStmt): void {
    const kind = statement.kind ?? ''
    if (kind.endsWith('PREPARE') || kind.endsWith('PREPARED')) throw this.#refuse(kind, 'two-phase commit')
  }

  #refuse(kind: string, name: string): GatewayError {
    const position = characterPosition(this.#text, this.#near)
    return kind.endsWith('Stmt') || kind === 'IntoClause'
      ? new GatewayError(
          'UNSUPPORTED_STATEMENT',
          { statement: name },
          { position, hint: statementHint(kind) },
        )
      : unsupported('unknownNode', { position, about: { node: name } })
  }
}

const ROW_SHARE = 2

/** The name of a form that is refused although its kind isn't. */
function refusedForm(kind: NodeKind, struct: Struct): string | null {
  if (kind === 'CopyStmt') return refusedCopy(struct as CopyStmt)
  if (kind === 'Constraint') return refusedConstraint(struct as Constraint)
  if (kind === 'CreateExtensionStmt') return refusedExtension(struct as CreateExtensionStmt)
  const table = refusedTableForm(kind, struct)
  if (table !== null) return table
  const blocks = kind === 'LockStmt' && Number(struct.mode ?? 0) > ROW_SHARE
  return blocks ? 'LOCK TABLE in a mode that blocks others' : null
}

/** Of a temporary table: an operator's code would run unseen, and a foreign key has no table that it could name. */
function refusedConstraint({ contype, indexspace }: Constraint): string | null {
  if (contype === 'CONSTR_EXCLUSION') return 'EXCLUDE on a temporary table'
  if (contype === 'CONSTR_FOREIGN') return 'FOREIGN KEY on a temporary table'
  return indexspace === undefined ? null : 'TABLESPACE'
}

function refusedCopy({ is_program, filename }: CopyStmt): string | null {
  if (is_program === true) return 'COPY with a program'
  return filename === undefined ? null : 'COPY with a file of the server'
}

/** Of an extension that exists the server only says so, before it looks at anything else; `resolve` sees to that. */
function refusedExtension({ if_not_exists, options }: CreateExtensionStmt): string | null {
  if (if_not_exists !== true) return 'CREATE EXTENSION'
  const isPlain = (options ?? []).every((node) => 'DefElem' in node && node.DefElem.defname === 'schema')
  return isPlain ? null : 'CREATE EXTENSION with a version or its dependencies'
}
