import { GatewayError } from '../core/errors.js'

/** One part of a statement that is refused although the statement is supported. */
interface Refusal {
  /** What users call it; ‹name› stands for what the text said. */
  readonly construct: string
  readonly reason: string
  /** What to do instead, as the error's hint says it. */
  readonly instead: string
}

const INTERNAL = 'the gateway lets through only what it has a rule for'
const LOOK_UP = 'docs/supported-sql.md lists what is available.'

/**
 * Every construct that is refused inside a supported statement, in one table: docs/supported-sql.md is made from it.
 *
 * Nothing else raises UNSUPPORTED_CONSTRUCT, so that no refusal is without its reason and its way out.
 */
export const REFUSALS = {
  // rows that are written
  listlessStar: {
    construct: 'INSERT without a column list from this SELECT *',
    reason: 'the gateway cannot count its columns, so it cannot tell where the tenant goes',
    instead: 'List the columns.',
  },
  selectForm: {
    construct: 'INSERT from this form of SELECT',
    reason: 'it has no list of columns to which the tenant could be added',
    instead: 'Write it as SELECT with a list of columns.',
  },
  bracketedValues: {
    construct: 'INSERT of VALUES in brackets',
    reason: 'the gateway adds the tenant to each row where VALUES stands',
    instead: 'Write VALUES without brackets around it.',
  },
  expandingValues: {
    construct: '.* among VALUES',
    reason: 'it moves the values behind it to other columns',
    instead: 'List the values.',
  },
  excludedTarget: {
    construct: 'ON CONFLICT DO UPDATE of a target by the name of excluded',
    reason: 'the new row has that name too, so the pin would not say which of them it means',
    instead: 'Give the target an alias.',
  },
  mergeIntoView: {
    construct: 'MERGE into a view of several relations',
    reason: 'PostgreSQL writes through views of one relation only',
    instead: 'Use the tables behind the view.',
  },
  unfencedTarget: {
    construct: 'a filter of this kind on the rows to be changed',
    reason:
      'it could fail on a row of another tenant before the pin is looked at, and a target cannot be fenced',
    instead: 'Select the keys of the rows first, then change those rows by key.',
  },
  tiedWithoutKey: {
    construct: 'a new row of ‹relation› without ‹column›',
    reason: "a row without the tenant column is its parent's tenant's: without a parent it would be nobody's",
    instead: "List ‹column› and give it the key of the row's parent.",
  },
  tiedStar: {
    construct: 'INSERT into ‹relation› from this SELECT',
    reason: "the parent is looked up where its key stands, and a * doesn't say where that is",
    instead: 'Write the value of ‹column› as an item of its own in the select list.',
  },
  tiedExpression: {
    construct: 'this expression for ‹column›',
    reason: 'it would mean something else in the subquery that looks the parent up',
    instead: 'Compute it in a subquery in FROM, and name its column.',
  },
  tiedAssignment: {
    construct: 'this form of assignment to ‹column›',
    reason: 'the parent is looked up where its key stands',
    instead: 'Assign ‹column› one value by itself.',
  },
  tiedColumn: {
    construct: 'writing the key ‹column› of ‹relation›',
    reason: 'it is generated, or stored in another form than the key that it refers to',
    instead: 'It would have to be a plain column of the type of that key.',
  },
  tiedParent: {
    construct: 'writing ‹parent› beside the key of rows of ‹relation›',
    reason: 'no other part of a statement sees the rows that it writes',
    instead: 'Let its WITH query return ‹key›, or write the parent in a statement of its own.',
  },
  targetless: { construct: 'a statement without a target', reason: INTERNAL, instead: LOOK_UP },
  // rows that are read
  sampledFence: {
    construct: 'TABLESAMPLE beside an expression that can fail on a row',
    reason: 'the sample would have to stand inside a fence',
    instead: 'Sample in a WITH query of its own, and filter outside of it.',
  },
  sampleForm: {
    construct: 'this form of TABLESAMPLE',
    reason: 'the method may be code of the schema, and the arguments are looked at before the pin',
    instead: 'Use BERNOULLI or SYSTEM of a relation, with numbers or parameters.',
  },
  compositeComparison: {
    construct: 'comparing a composite column',
    reason: "the planner compares its fields with statistics of every tenant's values",
    instead: 'Compare its fields, as in (column).field = value.',
  },
  computedPattern: {
    construct: 'a LIKE pattern that is computed in this way',
    reason:
      'a pattern that ends in an escape character fails on values that match as far as that, whoever they belong to',
    instead:
      "Give the pattern as a literal, as a parameter, or as a concatenation of those, such as '%' || $1 || '%'.",
  },
  datetimePath: {
    construct: 'a jsonpath of dates or times as a filter',
    reason: 'it can fail on a value in the statistics, which no pin confines',
    instead: 'Compare with a value of the type instead of .datetime().',
  },
  databaseName: {
    construct: 'a database name in front of a relation',
    reason: 'a gateway serves one database',
    instead: 'Leave it out.',
  },
  fromItem: { construct: '‹node› in FROM', reason: INTERNAL, instead: LOOK_UP },
  nested: { construct: '‹node› inside an expression', reason: INTERNAL, instead: LOOK_UP },
  typeReference: {
    construct: '‹form› in a type name',
    reason: 'in a type name it belongs to definitions',
    instead: 'Name the type itself.',
  },
  // COPY
  copyOption: {
    construct: 'COPY FROM with ‹option›',
    reason: 'with it the gateway could not tell the fields of a row apart, or which of them is the tenant',
    instead: 'Leave it out, or use INSERT.',
  },
  copyBinaryTenant: {
    construct: 'binary COPY FROM with a tenant column of type ‹type›',
    reason: 'the gateway does not know its binary form',
    instead: 'Use the text or CSV format.',
  },
  copyIntoView: {
    construct: 'COPY FROM into what is no table',
    reason: 'only a table has columns that the rows can be checked against',
    instead: 'Use INSERT.',
  },
  copyOfView: {
    construct: 'COPY of what is no plain table',
    reason: 'PostgreSQL refuses it as well',
    instead: 'Try the COPY (SELECT ...) TO variant.',
  },
  copyOfGenerated: {
    construct: 'COPY of a generated column',
    reason: 'PostgreSQL refuses it as well',
    instead: 'Try the COPY (SELECT ...) TO variant.',
  },
  copyBinaryWord: {
    construct: 'COPY BINARY',
    reason: 'the old form has no place for the query that takes the place of the table',
    instead: 'Write COPY … TO STDOUT (FORMAT binary).',
  },
  copySubquery: {
    construct: 'a subquery in WHERE of COPY FROM',
    reason: 'PostgreSQL refuses it as well',
    instead: 'Load the rows first, then delete those that do not belong there.',
  },
  // prepared statements and temporary tables
  preparedName: {
    construct: 'a prepared statement whose name begins with tg_',
    reason: 'the gateway names its own in this way, on connections that many sessions use',
    instead: 'Give it another name.',
  },
  preparedParameter: {
    construct: 'a parameter for ‹what› in PREPARE',
    reason: 'EXECUTE may give any expression for it, which nobody could look at',
    instead: "Use the protocol's prepared statements, as drivers do.",
  },
  nestedInto: {
    construct: 'SELECT INTO inside a statement',
    reason: 'PostgreSQL takes it at the top of a statement only',
    instead: 'Use CREATE TEMPORARY TABLE … AS.',
  },
  // channels and advisory locks
  callForm: {
    construct: 'this form of ‹function›()',
    reason: "the key or the channel that it names is made the tenant's own where it stands",
    instead: 'Call it with its arguments in their order, and nothing else in the brackets or behind them.',
  },
  // settings
  setFromCurrent: {
    construct: 'SET … FROM CURRENT',
    reason: 'it belongs to CREATE FUNCTION',
    instead: 'Use SET with a value.',
  },
  settingValue: {
    construct: 'SET ‹setting› with this kind of value',
    reason: 'only a constant can be judged',
    instead: 'Write the value as a constant.',
  },
  settingForm: { construct: 'SET ‹form›', reason: INTERNAL, instead: LOOK_UP },
  transactionMode: { construct: 'this transaction mode', reason: INTERNAL, instead: LOOK_UP },
  // the rest of the grammar
  tooNew: {
    construct: '‹construct› before PostgreSQL ‹version›',
    reason: 'an older server takes the same words for something else',
    instead: 'PostgreSQL ‹version› is the first version that has it; this server is older.',
  },
  unknownNode: {
    construct: '‹node›',
    reason: "it is a part of PostgreSQL's grammar that the gateway has no rule for",
    instead: LOOK_UP,
  },
  functionCallMessage: {
    construct: 'the FunctionCall message',
    reason: 'it calls any function by its number',
    instead: 'Use SELECT.',
  },
} as const satisfies Record<string, Refusal>

export type RefusedConstruct = keyof typeof REFUSALS

export interface RefusalContext {
  readonly position?: number
  /** What stands for the names in ‹›. */
  readonly about?: Readonly<Record<string, string>>
}

/** The error of a construct that is refused. */
export function unsupported(
  name: RefusedConstruct,
  { position, about = {} }: RefusalContext = {},
): GatewayError {
  const { construct, instead }: Refusal = REFUSALS[name]
  const said = (text: string) => text.replaceAll(/‹(\w+)›/g, (_, key: string) => about[key] ?? '')
  const hint = said(instead)
  return new GatewayError(
    'UNSUPPORTED_CONSTRUCT',
    { construct: said(construct) },
    position === undefined ? { hint } : { position, hint },
  )
}
