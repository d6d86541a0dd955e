import { randomBytes } from 'node:crypto'
import type { RawStmt } from '@pgsql/types'
import { GatewayError } from '../core/errors.js'
import { admit } from './admit.js'
import { untag } from './ast/walk.js'
import { authorize, isReadOnly } from './authorize.js'
import { commandOf } from './command.js'
import type { CompileContext, CompiledStatement, CompiledText, Compiler, TenantCheck } from './compiled.js'
import { liftLiterals, type Spots } from './lifted-literals.js'
import { namesMoment } from './moment.js'
import { observeLiterals } from './observed-literals.js'
import { authorizeParameterTypes } from './parameter-types.js'
import { type ParsedText, parse, type TextLimits } from './parse.js'
import { Plan } from './plan.js'
import { isCacheable, PlanCache, planKey, shapeKey } from './plan-cache.js'
import type { Resolution } from './resolve/resolution.js'
import { resolve } from './resolve/resolve.js'
import { aliasPrefix } from './scope/alias-prefix.js'
import { copyInOf } from './scope/copy-in.js'
import type { Edit } from './scope/edit.js'
import { strengthOf } from './scope/leak.js'
import { preparedTypes } from './scope/prepared-types.js'
import { scope, scopeLookups } from './scope/scope.js'
import { isForgottenHere, isShowSearchPath } from './scope/utility.js'
import { requireServerGrammar } from './server-grammar.js'
import type { Compiled } from './shape-plans.js'
import { splice } from './splice.js'
import { TextNames } from './text-names.js'
import { verify } from './verify/verify.js'

export interface CompilerOptions extends TextLimits {
  readonly maxPlans: number
  /** Bytes of memory that the cached plans may hold together, about. */
  readonly maxPlanBytes: number
}

/** A compiler with a cache that others may look into, and add to. */
export interface PlanCompiler extends Compiler {
  /** Undefined where the text isn't known. */
  find(text: Buffer, context: CompileContext): CompiledText | undefined
  /** Takes over what was compiled elsewhere. */
  keep(text: Buffer, context: CompileContext, plan: Plan): void
}

/** The compiler with its cache of plans; `loadParser` has to have been awaited. */
export function createCompiler(options: CompilerOptions): PlanCompiler {
  const cache = new PlanCache({ maxPlans: options.maxPlans, maxBytes: options.maxPlanBytes })
  return {
    find: (text, context) => (isCacheable(text) ? cache.find(planKey(text, context)) : undefined),
    keep(text, context, plan) {
      if (isCacheable(text)) cache.keep(planKey(text, context), plan)
    },
    compile(text, context) {
      const key = planKey(text, context)
      const known = cache.find(key)
      if (known !== undefined) return known
      const lifted = liftLiterals(text)
      const shape = lifted === null ? null : shapeKey(lifted, context)
      if (lifted === null || shape === null) {
        const plan = compileText(text, context, options)
        cache.keep(key, plan)
        return plan
      }
      const shared = cache.findShared(shape, text, lifted)
      if (shared !== undefined) return shared
      const compiled = withStackGuard(() => throughStages(text, context, { ...options, spots: lifted.spots }))
      cache.keep(key, compiled.plan)
      cache.share(shape, lifted, compiled)
      return compiled.plan
    },
  }
}

/** Compiles a text, whatever was compiled before. Throws as `Compiler`. */
export function compileText(text: Buffer, context: CompileContext, limits: TextLimits): Plan {
  return withStackGuard(() => throughStages(text, context, { ...limits, spots: [] }).plan)
}

/** What stands for the tenant during the proof: no client can know it. */
const SENTINEL = `tg${randomBytes(16).toString('hex')}`
/** Stands nowhere: where there are several tenants, nothing that names a single one is proven. */
const NOBODY = `tg${randomBytes(16).toString('hex')}`

interface StageOptions extends TextLimits {
  /** The literals of which it is told whether somebody looks at their values. */
  readonly spots: Spots
}

function throughStages(text: Buffer, context: CompileContext, options: StageOptions): Compiled {
  const parsed = parse(text, options)
  const literals = observeLiterals(parsed, options.spots)
  admit(parsed)
  requireServerGrammar(parsed, context.snapshot)
  if (context.protocol === 'extended' && parsed.statements.length > 1)
    throw new GatewayError('MULTIPLE_COMMANDS', {})
  authorizeParameterTypes(context)
  const scoping = new TextScoping(parsed, context)
  const statements = parsed.statements.map((raw) => scoping.statement(raw))
  const template = splice(parsed.text, scoping.edits)
  literals.end()
  const sentinel = { one: context.kind === 'analyst' ? NOBODY : SENTINEL, list: SENTINEL }
  verify(parsed.statements, template.fill(SENTINEL, SENTINEL), {
    ...context,
    sentinel,
    readOnly: isReadOnly(context.kind),
    checks: scoping.checks,
    copies: statements.map((statement) => statement.copyIn),
  })
  const plan = new Plan({
    template,
    statements,
    checks: scoping.checks,
    namesMoment: namesMoment(parsed.text),
    repeats: scoping.repeated.length > 0,
  })
  return {
    plan,
    free: literals.unseen().map((isUnseen, index) => isUnseen && plan.keeps(options.spots, index)),
  }
}

/** The stages of one statement after another: a statement of the text may change the search path of the next. */
class TextScoping {
  readonly edits: Edit[] = []
  readonly checks: TenantCheck[] = []
  readonly repeated: string[] = []
  readonly #parsed: ParsedText
  readonly #context: CompileContext
  readonly #aliasPrefix: string
  readonly #names: TextNames

  constructor(parsed: ParsedText, context: CompileContext) {
    this.#parsed = parsed
    this.#context = context
    this.#names = new TextNames(context)
    this.#aliasPrefix = aliasPrefix(parsed.text.toString('utf8'))
  }

  statement(raw: RawStmt): CompiledStatement {
    const { text, tokens } = this.#parsed
    const { searchPath, temporaries, hasPrepared } = this.#names
    const context = {
      ...this.#context,
      text,
      searchPath,
      temporaries,
      parameterTypes: preparedTypes(raw, this.#context) ?? this.#context.parameterTypes,
    }
    const resolution = resolve(raw, context)
    authorize(resolution, context)
    const strength = strengthOf(raw, resolution, context)
    const lookups = scopeLookups(raw, tokens, { ...context, resolution })
    const scoping = {
      ...lookups,
      resolution,
      strength,
      searchPath,
      hasPrepared,
      checks: this.checks,
      repeated: this.repeated,
      aliasPrefix: this.#aliasPrefix,
    }
    for (const edit of scope(raw, scoping)) this.edits.push(edit)
    for (const effect of resolution.effects) this.#names.follow(effect)
    const [load] = resolution.loads
    const withheld = resolution.copies.find(({ source }) => source.access.kind === 'denied')?.source
    return {
      ...(withheld === undefined ? {} : { withheld: `${withheld.schema}.${withheld.name}` }),
      ...(resolution.executes === null ? {} : { executes: resolution.executes }),
      ...(load === undefined ? {} : { copyIn: copyInOf(load, scoping, context.snapshot.serverVersion) }),
      command: commandOf(untag(raw.stmt ?? {})),
      effects: resolution.effects,
      tag: shownTag(raw, resolution, hasPrepared),
      pin: resolution.relations.some((site) => site.access.kind === 'tenant' || site.access.kind === 'via')
        ? strength === 'plain'
          ? 'plain'
          : 'firm'
        : null,
    }
  }
}

/** What the client is shown where the server was told something else. */
function shownTag(raw: RawStmt, resolution: Resolution, hasPrepared: boolean): string | null {
  if (isShowSearchPath(raw)) return 'SHOW'
  if (resolution.resetsSearchPath) return 'RESET'
  if (!isForgottenHere(raw, { hasPrepared })) return null
  const isAll = resolution.effects.some((effect) => effect.kind === 'let-go' && effect.name === null)
  return isAll ? 'DEALLOCATE ALL' : 'DEALLOCATE'
}

/** A tree that is too deep for our own recursion is refused like one that is too deep for the parser. */
function withStackGuard<T>(compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    if (error instanceof RangeError) throw new GatewayError('STATEMENT_TOO_COMPLEX', {}, { cause: error })
    throw error
  }
}
