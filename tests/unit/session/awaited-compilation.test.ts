import { describe, expect, test } from 'vitest'
import type { CompileRequest } from '../../../src/compiling/compile-lane.js'
import { TenantId } from '../../../src/core/ids.js'
import { AwaitedCompilation } from '../../../src/session/awaited-compilation.js'
import type { CompiledText } from '../../../src/sql/compiled.js'
import { CONTEXT } from '../../support/sql-world.js'

const TEXT = Buffer.from('SELECT 1')
const PLAN = { uses: 0 } as CompiledText

/** A compiler that knows nothing at once, unless it is told. */
function stage() {
  const requests: CompileRequest[] = []
  const events: string[] = []
  const known = new Map<Buffer, CompiledText>()
  const compiling = new AwaitedCompilation({
    compiler: {
      compile: (text) => known.get(text) ?? null,
      request: (request) => {
        requests.push(request)
        return () => events.push('withdrawn')
      },
    },
    tenant: 'acme',
    tenants: [TenantId.of('acme')],
    wake: () => events.push('woken'),
  })
  return { compiling, requests, events, known }
}

describe('a text', () => {
  test('that is known needs no waiting', () => {
    const { compiling, requests, known } = stage()
    known.set(TEXT, PLAN)
    expect(compiling.compile(TEXT, CONTEXT)).toBe(PLAN)
    expect(requests).toEqual([])
  })

  test('that is not is asked for once, and there as long as its message is not handled', () => {
    const { compiling, requests, events } = stage()
    expect(compiling.compile(TEXT, CONTEXT)).toBeNull()
    expect(compiling.compile(TEXT, CONTEXT)).toBeNull()
    expect(requests).toHaveLength(1)
    requests[0]?.done({ plan: PLAN })
    expect(events).toEqual(['woken'])
    expect(compiling.compile(TEXT, { ...CONTEXT, searchPath: [...CONTEXT.searchPath] })).toBe(PLAN)
    expect(compiling.compile(TEXT, CONTEXT)).toBe(PLAN)
    compiling.forget()
    expect(compiling.compile(TEXT, CONTEXT)).toBeNull()
    expect(requests).toHaveLength(2)
  })

  test('that is refused throws', () => {
    const { compiling, requests } = stage()
    compiling.compile(TEXT, CONTEXT)
    requests[0]?.done({ error: new Error('refused') })
    expect(() => compiling.compile(TEXT, CONTEXT)).toThrow('refused')
  })

  test('is waited for beside another one that the message needs', () => {
    const { compiling, requests, events } = stage()
    const other = Buffer.from(TEXT)
    expect([compiling.compile(TEXT, CONTEXT), compiling.compile(other, CONTEXT)]).toEqual([null, null])
    expect(requests).toHaveLength(2)
    requests[1]?.done({ plan: PLAN })
    expect([compiling.compile(TEXT, CONTEXT), compiling.compile(other, CONTEXT)]).toEqual([null, PLAN])
    compiling.forget()
    expect(events).toEqual(['woken', 'withdrawn'])
  })

  test('is compiled again where the schema has changed meanwhile, but not for ever', () => {
    const { compiling, requests } = stage()
    const later = () => ({ ...CONTEXT, snapshot: { ...CONTEXT.snapshot } })
    const contexts = [later(), later(), later()]
    for (const context of contexts) {
      expect(compiling.compile(TEXT, context)).toBeNull()
      requests.at(-1)?.done({ plan: PLAN })
    }
    expect(requests.map(({ context }) => context)).toEqual(contexts)
    expect(compiling.compile(TEXT, contexts[2] ?? CONTEXT)).toBe(PLAN)
    expect(() => compiling.compile(TEXT, later())).toThrow(
      expect.objectContaining({ code: 'STATEMENT_TOO_COSTLY' }),
    )
  })

  test('is given up when its client cancels, and when its client leaves', () => {
    const { compiling, events } = stage()
    expect(compiling.cancel()).toBe(false)
    compiling.compile(TEXT, CONTEXT)
    expect(compiling.cancel()).toBe(true)
    expect(events).toEqual(['withdrawn', 'woken'])
    expect(() => compiling.compile(TEXT, CONTEXT)).toThrow(expect.objectContaining({ code: 'CANCELLED' }))
    expect(compiling.cancel()).toBe(false)
    compiling.forget()
    compiling.compile(TEXT, CONTEXT)
    compiling.forget()
    expect(events).toEqual(['withdrawn', 'woken', 'withdrawn'])
  })
})
