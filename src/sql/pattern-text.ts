/**
 * What a pattern must not be, since the planner tries patterns on the statistics of a column, which hold every tenant's
 * values, and a pattern that fails on some of them tells which.
 *
 * paired: for LIKE, whose pattern fails behind a match when it ends in an escape character. plain: the same for what is
 * appended to another pattern, or stands in an array: no escape at all. jsonpath: of the methods that fail for want of a time zone.
 */
export type PatternRule =
  | { readonly kind: 'paired'; readonly escape: string }
  | { readonly kind: 'plain' }
  | { readonly kind: 'jsonpath' }

/** Whether no value can make a pattern fail that it doesn't match. */
export function isSafePattern(pattern: string, rule: PatternRule): boolean {
  switch (rule.kind) {
    case 'paired': {
      if (rule.escape === '') return true
      let at = pattern.length
      while (pattern.endsWith(rule.escape, at)) at -= rule.escape.length
      return ((pattern.length - at) / rule.escape.length) % 2 === 0
    }
    case 'plain':
      return !pattern.includes('\\')
    case 'jsonpath':
      return !/\\|\/\*|date|time/i.test(pattern)
  }
}
