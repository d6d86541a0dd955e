/** Words that can't be anybody's data: they stay in the redacted form of a text that doesn't parse. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  `abort add all alter analyze and any array as asc at begin between both by call case cast check close cluster
  coalesce collate column comment commit conflict constraint copy create cross current cursor database deallocate
  declare default delete desc discard distinct do drop each else end escape except execute exists explain extension
  fetch filter first following for force foreign from full function grant greatest group grouping having if ilike
  immutable in index inner insert instead intersect interval into is isnull join key last lateral leading least left
  like limit listen local lock match materialized merge move natural next no not nothing notify notnull null nulls
  nullif of off offset on only or order outer over overlaps partition policy position preceding prepare primary
  procedure range recursive references refresh reindex release rename replace reset restrict return returning
  revoke right role rollback row rows savepoint schema select session set sets share show similar skip some
  statement substring symmetric system table tablesample temp temporary then ties to trailing transaction trigger
  trim truncate unbounded union unique unknown unlisten unlogged update user using vacuum values variadic verbose
  view when where window with within without work`
    .trim()
    .split(/\s+/),
)
