/**
 * The reviewed names of operators; `npm run generate` compares them with the inventory.
 *
 * All of them work on their operands alone. A name that is missing here, or that no version has, stops the generator, and
 * so does an operator whose function is volatile, or denied for another reason than that the operator stands for it.
 */
export const ALLOWED = `
  !! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> << <<= <<| <= <> <@ <^ = >
  >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*`
  .trim()
  .split(/\s+/)

/**
 * Comparison can't fail on a stored value of a scalar type: numeric, text of any deterministic collation, dates across
 * their types (out of range compares as infinite since PostgreSQL 13), uuid, enum equality, jsonb.
 *
 * Two things the name alone doesn't show: an implicit cast in front of it (numeric to float8 overflows), and the types
 * of `COMPARISON_FAILS`. Beside these a name is total whose every overload is leakproof.
 */
export const TOTAL = ['=', '<>', '<', '<=', '>', '>=']
