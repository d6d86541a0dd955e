import { beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { parseTree } from '../../../src/sql/parse.js'
import { loadParser } from '../../../src/sql/parser.js'
import { scopedSql } from '../../support/sql-world.js'
import { type Fixture, fixtureFiles, fixtures } from './fixture.js'

beforeAll(loadParser)

describe.each(fixtureFiles())('%s', (name) => {
  test.each(fixtures(name))('$title', ({ input, given, expected }) => {
    expect(outcome(input, given)).toEqual(expected)
    if (typeof expected !== 'string') return
    expect(() => parseTree(expected)).not.toThrow()
    expect(secondOutcome(expected, given)).not.toContain('XX000')
  })

  test('has no two cases of one title', () => {
    const titles = fixtures(name).map((each) => each.title)
    expect(new Set(titles).size).toBe(titles.length)
  })
})

function outcome(text: string, given: Fixture['given']): Fixture['expected'] {
  try {
    return scopedSql(text, given)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const position = error.position === undefined ? '' : ` ${error.position}`
    return { refused: `${error.sqlstate} ${error.code}${position}` }
  }
}

/** What the gateway writes is SQL like any other: sent by a client it is scoped once more, or refused in good order. */
function secondOutcome(text: string, given: Fixture['given']): string {
  const found = outcome(text, given)
  return typeof found === 'string' ? found : found.refused
}
